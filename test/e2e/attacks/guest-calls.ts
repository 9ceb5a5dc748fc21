import { above, type Attack } from "./attack";
import { askEverywhere, letIn, offer, type Order } from "./stranger";
import type { Target } from "./target";

const numbers = ["s", "1000", "0088299912345", "+88299912345", "01188299912345"];
const claims = ["anonymous", "carrier", "provider", "sip", "admin"];

/** Seven numbers by twelve claims of who is calling: 84 tries. */
function orders(target: Target): Order[] {
  const { address, accounts, trunk, did } = target;
  const known = accounts.map(({ user }) => user);
  const called = [...numbers, did, accounts[0]?.number ?? ""];
  return called.flatMap((number) =>
    [...claims, trunk, ...known].map((claim) => ({
      method: "INVITE",
      uri: `sip:${number}@${address}`,
      from: claim === "anonymous" ? "<sip:anonymous@anonymous.invalid>" : `<sip:${claim}@${address}>`,
      ...offer,
    })),
  );
}

/** Calls without credentials, as a guest and in the name of whoever might be trusted. */
export const guestCalls: Attack = {
  name: "guest-calls",
  what: "asks for 84 calls without credentials, as a guest, as the trunk and as known phones, over every transport",
  measures: "calls let in",
  goal: "0",
  weak: ["tutorial22", "tutorial16"],
  sample: true,
  run: async (target) => {
    const heard = await askEverywhere(target, orders(target));
    const calls = heard.map(({ replies }) => replies.filter(letIn).length);
    const answered = heard.map(({ replies }) => replies.filter(({ status }) => status !== null).length);
    return above(0, Math.max(...calls), `${Math.max(...answered)} of 84 answered at all`);
  },
};
