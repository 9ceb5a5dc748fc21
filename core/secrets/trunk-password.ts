/** Raised for a carrier's password that is missing or cannot be carried; the message names the trunk and does not repeat it. */
export class TrunkPasswordError extends Error {
  constructor(trunk: string, why: string) {
    super(`trunkPasswords.${trunk}: ${why}`);
    this.name = "TrunkPasswordError";
  }
}

/**
 * The password of an account at a carrier. How strong it is is the carrier's business; its characters have to pass
 * through Asterisk's configuration file.
 * @throws TrunkPasswordError
 */
export function trunkPassword(passwords: Readonly<Record<string, string>> | undefined, trunk: string): string {
  const password = passwords !== undefined && Object.hasOwn(passwords, trunk) ? passwords[trunk] : undefined;
  if (password === undefined)
    throw new TrunkPasswordError(trunk, "is missing; give the password of the account this trunk registers with");
  if (!/^[A-Za-z0-9._:+/=@-]{1,256}$/.test(password))
    throw new TrunkPasswordError(
      trunk,
      "holds a character other than letters, digits and ._:+/=@-, or none or more than 256 of them; have the carrier give the account another password",
    );
  return password;
}
