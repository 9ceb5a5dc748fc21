import { above, type Attack } from "./attack";
import { overhear } from "./overhear";
import { forgedInvitation } from "./forged-invitation";
import { forge } from "./stranger";
import { askedOfCarrier, premium } from "./thief";

/** Whether an overheard message says that the call to `number` rings or was answered. */
const rings = (text: string, number: string) =>
  /^SIP\/2\.0 (18\d|2\d\d) /.test(text) && text.includes(`forged-${number}-`) && /^CSeq: 1 INVITE/m.test(text);

/** Calls in with the carrier's own source address. */
export const forgedTrunk: Attack = {
  name: "forged-trunk-address",
  what: "sends calls with the forged source address of the carrier, to the declared number and to others, inside and outside",
  measures: "calls to undeclared numbers, inside or outside",
  goal: "0 (the declared number may ring)",
  weak: ["tutorial22", "tutorial16"],
  sample: true,
  run: async (target) => {
    const { did, accounts, sandbox } = target;
    const others = [...accounts.slice(0, 2).map(({ number }) => number), "s", premium, `+81${premium.slice(1)}`];
    const numbers = [did, ...others, "0088299912345", "0312345679", "110"];
    const source = sandbox.addresses.carrier.signalling;
    const packets = numbers.map((number) => forgedInvitation(target.address, source, number));
    const { result, numbers: outside } = await askedOfCarrier(target, () =>
      overhear(target, "carrier", 2_000, () => forge(target, packets)),
    );
    const inside = numbers.slice(1).filter((number) => result.some((text) => rings(text, number)));
    const declared = result.some((text) => rings(text, did)) ? "rang" : "did not ring";
    const beyond = new Set([...inside, ...outside]);
    return above(
      0,
      beyond.size,
      `${result.length} answers; outside: ${outside.length}; the declared number ${declared}`,
    );
  },
};
