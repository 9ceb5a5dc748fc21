import type { PhoneProfile } from "../profile/profile";

const shortest = 12;
const fewestDifferent = 6;

/** Raised for a kept password that would be guessed; the message names the phone and does not repeat the password. */
export class WeakPasswordError extends Error {
  constructor(phone: string, why: string) {
    super(`passwords.${phone}: ${why}; remove it to have one derived`);
    this.name = "WeakPasswordError";
  }
}

/**
 * Judges a password that a migrating owner keeps.
 * @throws WeakPasswordError
 */
export function checkPassword(password: string, { name, number }: PhoneProfile, user: string): void {
  const refuse = (why: string): never => {
    throw new WeakPasswordError(name, why);
  };
  if (!/^[\x21-\x7e]+$/.test(password))
    refuse("holds a blank, a line break or a character outside ASCII, which phones spell differently");
  if (password.length < shortest) refuse(`has ${password.length} characters; at least ${shortest} are needed`);
  if (new Set(password).size < fewestDifferent) refuse(`has fewer than ${fewestDifferent} different characters`);
  if (/^\d+$/.test(password)) refuse("is made of digits alone");
  const plain = password.toLowerCase();
  if ([name, user.toLowerCase(), number].some((known) => plain.includes(known)))
    refuse("holds the phone's name, user name or number");
}
