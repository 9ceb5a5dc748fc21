import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { checkPrivateKey, proxyKeyPlace } from "../../components/private-key";
import { run } from "../../sandbox/command";

// RSA keys take their time on a busy machine.
jest.setTimeout(60_000);
let folder: string;
beforeAll(() => (folder = mkdtempSync(path.join(tmpdir(), "private-key-"))));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A key pair as ssh-keygen writes it. */
async function keygen(name: string, passphrase: string, ...form: string[]) {
  const file = path.join(folder, name);
  await run(["ssh-keygen", "-q", "-C", "", "-N", passphrase, "-f", file, ...form]);
  return { key: readFileSync(file, "utf8"), publicKey: readFileSync(`${file}.pub`, "utf8") };
}

function pkcs8(passphrase?: string): string {
  const plain = { type: "pkcs8", format: "pem" } as const;
  const { privateKey } = generateKeyPairSync("ed25519", {
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: passphrase === undefined ? plain : { ...plain, cipher: "aes-256-cbc", passphrase },
  });
  return privateKey;
}

const forms: [string, string[]][] = [
  ["openssh-ed25519", ["-t", "ed25519"]],
  ["openssh-rsa", ["-t", "rsa", "-b", "2048"]],
  ["pem-rsa", ["-t", "rsa", "-b", "2048", "-m", "PEM"]],
  ["pkcs8-ecdsa", ["-t", "ecdsa", "-m", "PKCS8"]],
];

test.each(forms)("%s: one without a passphrase is taken, one with it wants privateKeyPassword", async (name, form) => {
  const { key } = await keygen(name, "", ...form);
  expect(checkPrivateKey(key, undefined)).toBe(key);
  const { key: guarded } = await keygen(`${name}-guarded`, "a passphrase", ...form);
  expect(() => checkPrivateKey(guarded, undefined)).toThrow(
    /^connection\.privateKey: has a passphrase; .*pulumi config set --secret pbx:privateKeyPassword$/,
  );
  expect(checkPrivateKey(guarded, "a passphrase")).toBe(guarded);
});

test("the keys of other programs", async () => {
  expect(checkPrivateKey(pkcs8(), undefined)).toContain("BEGIN PRIVATE KEY");
  expect(() => checkPrivateKey(pkcs8("a passphrase"), undefined)).toThrow("has a passphrase");
  expect(() => checkPrivateKey("PuTTY-User-Key-File-3: ssh-ed25519\n", undefined)).toThrow(/PuTTY.*puttygen/);
  const { publicKey } = await keygen("public", "", "-t", "ed25519");
  expect(() => checkPrivateKey(publicKey, undefined)).toThrow(/is a public key; .*without \.pub/);
  expect(() => checkPrivateKey(publicKey, undefined)).not.toThrow(publicKey.split(" ")[1]);
});

test("a bastion's key is refused in the bastion's name", async () => {
  const { key } = await keygen("bastion", "a passphrase", "-t", "ed25519");
  expect(() => checkPrivateKey(key, undefined, proxyKeyPlace)).toThrow(
    /^connection\.proxy\.privateKey: has a passphrase; give it as connection\.proxy\.privateKeyPassword; .*pbx:proxyPrivateKeyPassword$/,
  );
});
