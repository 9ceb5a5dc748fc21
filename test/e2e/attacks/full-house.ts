import { above, type Attack } from "./attack";
import { openStolen, withStolen } from "./insider";

const asked = 250;
const others = 3;

/** One phone with valid credentials fills the PBX with internal calls; then another phone wants to make some. */
export const fullHouse: Attack = {
  name: "full-house",
  what: `asks for ${asked} internal calls at once with one phone's password; then another phone makes ${others}`,
  measures: "calls of the other phone that failed",
  goal: "0",
  weak: ["tutorial22"],
  run: (target) =>
    withStolen(target, 2, async (agent, called) => {
      const { number } = called.account;
      const calls = Array.from({ length: asked }, () => agent.call(number, { patience: 10_000 }));
      const up = (await Promise.all(calls)).filter(({ status }) => status === 200);
      const [, account] = target.stolen;
      if (account === undefined) throw new Error("there is no second stolen account");
      const other = await openStolen(target, account, 3);
      const tries = await Promise.all(Array.from({ length: others }, () => other.call(agent.account.number)));
      await Promise.all(tries.map((call) => other.hangUp(call)));
      await Promise.all(up.map((call) => agent.hangUp(call)));
      await other.close();
      const failed = tries.filter(({ status }) => status !== 200).map(({ status }) => status);
      return above(0, failed.length, `${up.length} of the ${asked} were up; answered ${failed.join(", ") || "200"}`);
    }),
};
