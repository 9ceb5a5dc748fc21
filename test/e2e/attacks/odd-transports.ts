import { above, type Attack } from "./attack";
import { useTool } from "./stranger";

/** A stranger speaks SIP over transports that nobody declared. */
export const oddTransports: Attack = {
  name: "odd-transports",
  what: "speaks SIP over WebSocket and opens SCTP associations",
  measures: "transports that answered",
  goal: "0",
  weak: ["tutorial22"],
  run: async (target) => {
    const job = { sources: target.fresh(4), target: target.address };
    const answers = Object.entries(await useTool<Record<string, string | null>>(target, "odd_transports.py", job));
    const open = answers.flatMap(([transport, answer]) => (answer === null ? [] : [`${transport}: ${answer}`]));
    return above(0, open.length, open.join(", ") || `none of ${answers.length}`);
  },
};
