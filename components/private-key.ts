import * as pulumi from "@pulumi/pulumi";

/** Magic of the OpenSSH format, then the cipher's name behind its length (PROTOCOL.key of OpenSSH 10). */
const OPENSSH = /-----BEGIN OPENSSH PRIVATE KEY-----([^-]*)-----END/;
const MAGIC = "openssh-key-v1\0";

/** Whose key it is: the argument that holds it, and the stack's setting of its passphrase. */
export interface KeyPlace {
  readonly argument: "connection.privateKey" | "connection.proxy.privateKey";
  readonly passphraseSetting: "pbx:privateKeyPassword" | "pbx:proxyPrivateKeyPassword";
}

/** The key that enters the host. */
export const hostKeyPlace: KeyPlace = {
  argument: "connection.privateKey",
  passphraseSetting: "pbx:privateKeyPassword",
};

/** The key that enters the bastion before it. */
export const proxyKeyPlace: KeyPlace = {
  argument: "connection.proxy.privateKey",
  passphraseSetting: "pbx:proxyPrivateKeyPassword",
};

/**
 * The private key as it was given, when it can be one.
 * @throws pulumi.RunError for what is known to fail later with no word about the cure: a public key, a key of PuTTY, and a key with
 * a passphrase for which none is given. The message repeats nothing of the key.
 */
export function checkPrivateKey(key: string, password: string | undefined, place: KeyPlace = hostKeyPlace): string {
  const refused = (what: string, cure: string) => new pulumi.RunError(`${place.argument}: ${what}; ${cure}`);
  if (/^\s*(ssh-|ecdsa-|sk-)/.test(key) || /BEGIN (SSH2 )?PUBLIC KEY/.test(key))
    throw refused("is a public key", "give the private one, which lies beside it without .pub");
  if (/^\s*PuTTY-User-Key-File/.test(key))
    throw refused(
      "is in PuTTY's format",
      "convert it: puttygen KEY.ppk -O private-openssh -o KEY, in PuTTYgen: Conversions",
    );
  if (password === undefined && hasPassphrase(key))
    throw refused(
      "has a passphrase",
      `give it as ${place.argument}Password; in a clone: pulumi config set --secret ${place.passphraseSetting}`,
    );
  return key;
}

function hasPassphrase(key: string): boolean {
  if (/BEGIN ENCRYPTED PRIVATE KEY|Proc-Type: 4,ENCRYPTED/.test(key)) return true;
  const content = Buffer.from(OPENSSH.exec(key)?.[1] ?? "", "base64");
  if (content.subarray(0, MAGIC.length).toString("latin1") !== MAGIC) return false;
  const length = content.length < MAGIC.length + 4 ? 0 : content.readUInt32BE(MAGIC.length);
  return content.subarray(MAGIC.length + 4, MAGIC.length + 4 + length).toString("latin1") !== "none";
}
