import { above, type Attack } from "./attack";
import { costly, reachedCarrier, withStolen } from "./insider";

/** A phone with valid credentials dials what it may not: premium, abroad, and a class that is another phone's. */
export const dialOutsideClass: Attack = {
  name: "dial-outside-class",
  what: "dials premium, mobile and foreign numbers from a phone that may dial national ones",
  measures: "calls that reached the carrier",
  goal: "0",
  weak: ["tutorial22"],
  sample: true,
  run: async (target) => {
    const reached = await reachedCarrier(target, () =>
      withStolen(target, 1, async (agent) => {
        for (const number of Object.values(costly)) await agent.hangUp(await agent.call(number));
      }),
    );
    return above(0, reached.length, `of ${Object.keys(costly).length}`);
  },
};
