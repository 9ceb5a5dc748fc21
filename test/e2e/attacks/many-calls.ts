import type { Exchange } from "../peers/user-agent";
import { above, type Attack } from "./attack";
import { reachedCarrier, withStolen } from "./insider";

const asked = 40;

/** One phone with valid credentials asks for 40 calls to the outside at once, to a number it may call. */
export const manyCalls: Attack = {
  name: "many-calls",
  what: `asks for ${asked} calls to the outside at once, with one phone's password`,
  measures: "calls up at once",
  goal: "≤ limits.calls (2)",
  weak: ["tutorial22"],
  sample: true,
  run: (target) =>
    withStolen(target, 1, async (agent) => {
      let exchanges: Exchange[] = [];
      const reached = await reachedCarrier(target, async () => {
        const calls = Array.from({ length: asked }, () => agent.call("0312345670", { patience: 10_000 }));
        exchanges = await Promise.all(calls);
      });
      const up = exchanges.filter(({ status }) => status === 200);
      await Promise.all(up.map((call) => agent.hangUp(call)));
      if (up.length === 0) throw new Error("not one call was put through, so no limit was tried");
      return above(target.limits.calls, up.length, `${reached.length} reached the carrier`);
    }),
};
