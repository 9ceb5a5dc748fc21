import { above, type Attack } from "./attack";
import { openStolen, withStolen } from "./insider";

/** Somebody with a phone's password registers beside it, unseen, to hear when it is called and to answer in its place. */
export const secondContact: Attack = {
  name: "second-contact",
  what: "registers with a stolen password beside the phone it belongs to, and waits for its calls",
  measures: "calls that rang at the thief while the phone rang too",
  goal: "0",
  weak: ["careless22"],
  run: (target) =>
    withStolen(target, 2, async (caller, victim) => {
      const [, account] = target.stolen;
      if (account === undefined) throw new Error("there is no second stolen account");
      const thief = await openStolen(target, account, 5);
      try {
        await thief.register();
        victim.answering = "ring";
        thief.answering = "ring";
        await caller.call(account.number, { patience: 1_500 });
        const [rang, listened] = [victim.received.length > 0, thief.received.length > 0];
        const instead =
          listened && !rang ? "the thief's phone rang instead of the true one, until that registers again" : "";
        return above(0, Number(rang && listened), instead);
      } finally {
        await thief.register(0);
        await thief.close();
      }
    }),
};
