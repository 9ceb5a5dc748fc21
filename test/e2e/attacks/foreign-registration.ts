import { above, type Attack } from "./attack";
import { withStolen } from "./insider";

/** A phone registers itself, with its own valid password, under the name or number of another phone. */
export const foreignRegistration: Attack = {
  name: "foreign-registration",
  what: "registers with one phone's password under another's name and number, and then calls that other",
  measures: "calls that went astray",
  goal: "0",
  weak: [],
  run: (target) =>
    withStolen(target, 2, async (victim, thief) => {
      const { target: host, user, number } = victim.account;
      const names = [user, number, `${user}%00`, `${thief.account.user}@${host};user=${user}`];
      const answers: unknown[] = [];
      for (const name of names) answers.push((await thief.register(60, { to: `<sip:${name}@${host}>` })).status);
      answers.push((await thief.register(60, { from: victim.me, to: victim.me })).status);
      victim.received.length = 0;
      thief.received.length = 0;
      await thief.hangUp(await thief.call(number));
      const astray = thief.received.length > 0 || victim.received.length !== 1;
      return above(0, Number(astray), `${names.length + 1} REGISTERs were answered ${answers.join(", ")}`);
    }),
};
