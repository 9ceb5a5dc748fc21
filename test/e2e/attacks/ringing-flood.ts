import { above, type Attack } from "./attack";
import { failedCalls } from "./emergency-flood";
import { forgedInvitation } from "./forged-invitation";
import { withStolen } from "./insider";
import { forge } from "./stranger";
import { hangUpAll } from "./thief";

const packets = 60;

/** Calls in with the carrier's own source address until nothing more fits, and lets the calls ring. */
export const ringingFlood: Attack = {
  name: "ringing-flood",
  what: `sends ${packets} calls with the forged source address of the carrier to a number that rings; then a phone calls an emergency number and an extension`,
  measures: "calls of the phone that failed",
  goal: "0",
  weak: ["narrow22"],
  sample: true,
  run: (target) =>
    withStolen(target, 2, async (called, caller) => {
      called.answering = "ring";
      const number = target.name === "hardened" ? target.did : called.account.number;
      const source = target.sandbox.addresses.carrier.signalling;
      await forge(
        target,
        Array.from({ length: packets }, () => forgedInvitation(target.address, source, number)),
      );
      called.answering = "pick up";
      const failed = await failedCalls(caller, called.account.number);
      await hangUpAll(target);
      return above(0, failed.length, failed.join(", "));
    }),
};
