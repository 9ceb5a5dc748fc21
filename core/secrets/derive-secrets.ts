import { createHash, createHmac, hkdfSync } from "node:crypto";
import type { PbxProfile, PhoneProfile } from "../profile/profile";
import { DigestAlgorithm } from "../spec/spec";
import { logClientKey } from "./log-client-key";
import { checkPassword } from "./password-strength";
import { secretName } from "./secret-name";
import { trunkPassword } from "./trunk-password";

/** What a person types into one phone. */
export interface PhoneCredentials {
  readonly user: string;
  readonly password: string;
  readonly realm: string;
}

/** The late-bound values of one bundle, name to value. */
export type SecretValues = Readonly<Record<string, string>>;

const shortestMaster = 32;
const userSuffixLength = 6;
const passwordLength = 32;
/** Lower-case letters and digits that are not mistaken for one another when read aloud; 32 of them, so 5 bits each. */
const alphabet = "abcdefghjkmnpqrstuvwxyz023456789";

/** 32 random hexadecimal digits have fewer than 8 different ones less than once in ten million. */
const fewestDifferent = 8;

/** Raised for a master secret that is too short or too uniform to derive from; the message does not repeat it. */
export class WeakMasterSecretError extends Error {
  constructor(masterSecret: string) {
    const problem =
      masterSecret.length < shortestMaster ? `${masterSecret.length} characters` : "hardly any different characters";
    super(
      `masterSecret: has ${problem}; give at least ${shortestMaster} random ones, for example the output of \`openssl rand -hex 32\``,
    );
    this.name = "WeakMasterSecretError";
  }
}

/** What is known of the host and its owner's older passwords when the values are derived. */
export interface SecretContext {
  /** Name or address phones reach the host under. */
  readonly domain: string;
  /** The address the outside sees, when it is not the host's own. */
  readonly externalAddress?: string | undefined;
  /** Passwords of accounts at carriers, by trunk. */
  readonly trunkPasswords?: Readonly<Record<string, string>> | undefined;
  /** Private key, in PEM, of the certificate shown to the receiver of logs. */
  readonly logClientKey?: string | undefined;
  /** Passwords the owner keeps, by phone; the others are derived. */
  readonly passwords?: Readonly<Record<string, string>> | undefined;
  /** Whether the host may take a master secret that differs from its present one. Default: false. */
  readonly newMasterSecret?: boolean | undefined;
}

/**
 * The credentials of one phone, derived with HKDF-SHA-256 (RFC 5869); the name and generation are its info.
 * Raising the generation changes the password and leaves the user name as it is.
 * @throws WeakMasterSecretError when the master secret has fewer than 32 characters, or fewer than 8 different ones.
 * @throws WeakPasswordError when a kept password does not withstand guessing.
 */
export function phoneCredentials(
  masterSecret: string,
  phone: PhoneProfile,
  realm: string,
  kept?: string,
): PhoneCredentials {
  const { name, generation, sipUser } = phone;
  const user = sipUser ?? `${name}-${derive(masterSecret, `phone/${name}/user`, userSuffixLength)}`;
  if (kept !== undefined) checkPassword(kept, phone, user);
  return {
    user,
    password: kept ?? derive(masterSecret, `phone/${name}/password/${generation}`, passwordLength),
    realm,
  };
}

/**
 * Every value the profile's bundle refers to; phones' passwords are in it only as digests.
 * @throws LogClientKeyError when the certificate shown to the receiver of logs has no usable key.
 * @throws TrunkPasswordError when a registered trunk's password is missing or cannot be carried.
 */
export function deriveSecrets(
  masterSecret: string,
  profile: PbxProfile,
  context: SecretContext = { domain: "localhost" },
): SecretValues {
  const values: Record<string, string> = { [secretName.masterDigest]: masterSecretDigest(masterSecret) };
  if (context.newMasterSecret === true) values[secretName.newMaster] = "yes";
  for (const phone of profile.phones) {
    const credentials = phoneCredentials(masterSecret, phone, profile.realm, context.passwords?.[phone.name]);
    values[secretName.phoneUser(phone.name)] = credentials.user;
    values[secretName.phoneDigest(phone.name)] = passwordDigest(profile.digest, credentials);
  }
  for (const { name, registration } of profile.trunks)
    if (registration !== undefined)
      values[secretName.trunkPassword(name)] = trunkPassword(context.trunkPasswords, name);
  if (profile.logs?.clientCertificate !== undefined)
    values[secretName.logClientKey] = logClientKey(context.logClientKey, profile.logs.clientCertificate);
  if (context.externalAddress !== undefined) values[secretName.externalAddress] = context.externalAddress;
  if (profile.tls?.ownAuthority === true) values[secretName.domain] = context.domain;
  return values;
}

function passwordDigest(algorithm: DigestAlgorithm, { user, realm, password }: PhoneCredentials): string {
  const hash = createHash(algorithm === DigestAlgorithm.Md5 ? "md5" : "sha256");
  return `${algorithm.toUpperCase()}:${hash.update(`${user}:${realm}:${password}`).digest("hex")}`;
}

/** A digest of the values that only the master secret's owner can compute: safe to show, and it changes when a value does. */
export function secretsDigest(masterSecret: string, values: SecretValues): string {
  const entries = Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHmac("sha256", key(masterSecret, "secrets-digest", 32))
    .update(JSON.stringify(entries))
    .digest("hex");
}

/**
 * Digest of the master secret alone: HKDF-SHA-256 with an info of its own, 64 hex digits. It tells nothing about any derived value,
 * and who has it can only test guesses of the master secret, as with the digest of any derived password in `pjsip.conf`.
 * @throws WeakMasterSecretError as {@link phoneCredentials} does.
 */
export function masterSecretDigest(masterSecret: string): string {
  return Buffer.from(key(masterSecret, "master-secret-digest", 32)).toString("hex");
}

function derive(masterSecret: string, info: string, length: number): string {
  return [...key(masterSecret, info, length)].map((byte) => alphabet.charAt(byte % alphabet.length)).join("");
}

function key(masterSecret: string, info: string, length: number): Uint8Array {
  if (masterSecret.length < shortestMaster || new Set(masterSecret.slice(0, 1024)).size < fewestDifferent)
    throw new WeakMasterSecretError(masterSecret);
  return new Uint8Array(hkdfSync("sha256", masterSecret, "hardened-asterisk", info, length));
}
