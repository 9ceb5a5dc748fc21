import { above, type Attack } from "./attack";
import { withStolen } from "./insider";

/** One phone with valid credentials leaves a call to the outside up for as long as it lasts, at most the limit and 15 s. */
export const longCall: Attack = {
  name: "long-call",
  what: "leaves a call to the outside up, with one phone's password",
  measures: "seconds until the PBX ended it, at most the limit + 15",
  goal: "≤ limits.callMinutes (60 s) + 5",
  weak: ["tutorial22"],
  run: (target) =>
    withStolen(target, 1, async (agent) => {
      const limit = target.limits.callMinutes * 60;
      const begun = Date.now();
      const seconds = () => (Date.now() - begun) / 1000;
      const call = await agent.call("0312345670");
      if (call.status !== 200) throw new Error(`the call to the outside was not put through: ${call.status}`);
      const over = () => agent.ended.includes(call.request.callId);
      while (!over() && seconds() < limit + 15) await new Promise((resolve) => setTimeout(resolve, 200));
      const lasted = Math.round(seconds());
      if (!over()) await agent.hangUp(call);
      return above(limit + 5, lasted);
    }),
};
