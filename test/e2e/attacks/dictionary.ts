import { above, type Attack } from "./attack";
import { askEverywhere, type Order } from "./stranger";
import type { Target } from "./target";

/** The twenty passwords that are tried first; "=" stands for the user's own name. */
const words = [
  ...["=", "1234", "12345", "123456", "12345678", "password", "secret", "asterisk", "0000", "1111"],
  ...["admin", "changeme", "test", "qwerty", "letmein", "phone", "voip", "sip", "welcome", "pbx"],
];

/** Without Contact, so that a hit binds nothing. */
function guesses(target: Target, user: string): Order[] {
  const account = `<sip:${user}@${target.address}>`;
  const order = { method: "REGISTER", uri: `sip:${target.address}`, from: account, to: account };
  return words.map((word) => ({ ...order, credentials: { user, password: word === "=" ? user : word } }));
}

/** Tries common passwords for all phones. */
export const dictionary: Attack = {
  name: "dictionary",
  what: "tries twenty common passwords for each of six known names, over every transport, from an address for each",
  measures: "passwords found of 6",
  goal: "0",
  weak: ["tutorial22", "fail2ban22", "tutorial16"],
  bothRoads: true,
  run: async (target) => {
    const found = await Promise.all(
      target.accounts.map(async ({ user }) => {
        const heard = await askEverywhere(target, guesses(target, user), { workers: 1 });
        return heard.some(({ replies }) => replies.some(({ status }) => status === 200));
      }),
    );
    return above(0, found.filter(Boolean).length, `${target.accounts.length} names`);
  },
};
