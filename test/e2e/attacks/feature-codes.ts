import { above, type Attack } from "./attack";
import { withStolen } from "./insider";

/** Codes by which exchanges open voicemail, forwarding, pickup, parking, conferences and dial-in to the outside. */
const codes = [
  "*97",
  "*98",
  "*72",
  "*21",
  "*8",
  "**101",
  "*69",
  "*43",
  "*80101",
  "700",
  "8500",
  "7777",
  "**",
  "##",
  "s",
  "i",
];

/** A phone dials what in other exchanges leads on: voicemail, call forwarding, pickup, DISA. */
export const featureCodes: Attack = {
  name: "feature-codes",
  what: "dials the usual codes of voicemail, forwarding, pickup, parking and dial-through",
  measures: "codes that were answered",
  goal: "0",
  weak: ["careless22"],
  run: (target) =>
    withStolen(target, 1, async (agent) => {
      const open: string[] = [];
      for (const code of codes) {
        const call = await agent.call(code.replaceAll("#", "%23"), { patience: 2_000 });
        if (call.status === 200) open.push(code);
        await agent.hangUp(call);
      }
      return above(0, open.length, open.join(" ") || `none of ${codes.length}`);
    }),
};
