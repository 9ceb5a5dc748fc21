import { createHash } from "node:crypto";
import {
  deriveSecrets,
  masterSecretDigest,
  phoneCredentials,
  secretsDigest,
  WeakMasterSecretError,
} from "../../../core/secrets/derive-secrets";
import { WeakPasswordError } from "../../../core/secrets/password-strength";
import { renderScenario } from "../../golden/render-scenario";

const master = "correct-horse-battery-staple-but-longer";
const { profile } = renderScenario("office");
const context = { domain: "pbx.example.com" };

function credentials(secret: string, name: string, generation: number, kept?: string) {
  const [phone] = profile.phones;
  if (phone === undefined) throw new Error("the scenario has no phone");
  return phoneCredentials(secret, { ...phone, name, generation }, "pbx", kept);
}

test("derives the same credentials again, and others for another name, generation or master secret", () => {
  const base = credentials(master, "sales", 1);
  expect(credentials(master, "sales", 1)).toEqual(base);
  expect(base.user).toMatch(/^sales-[a-z0-9]{6}$/);
  expect(base.password).toMatch(/^[a-z0-9]{32}$/);
  const others = [
    credentials(master, "sales", 2),
    credentials(master, "desk", 1),
    credentials(`${master}!`, "sales", 1),
  ];
  for (const other of others) expect(other.password).not.toBe(base.password);
});

test("raising the generation keeps the user name", () => {
  expect(credentials(master, "sales", 2).user).toBe(credentials(master, "sales", 1).user);
});

test("hands the host a digest (RFC 2617 HA1) and never a password", () => {
  const values = deriveSecrets(master, profile, context);
  const { user, password } = credentials(master, "sales", 1);
  expect(values["phone.sales.digest"]).toBe(`MD5:${createHash("md5").update(`${user}:pbx:${password}`).digest("hex")}`);
  expect(JSON.stringify(values)).not.toContain(password);
});

test("the digest of the values is keyed and changes with any of them", () => {
  const values = deriveSecrets(master, profile, context);
  const digest = secretsDigest(master, values);
  expect(secretsDigest(master, { ...values, "phone.sales.user": "x" })).not.toBe(digest);
  expect(secretsDigest(`${master}!`, values)).not.toBe(digest);
});

test("a digest of the master secret alone goes along: the same for other phones and passwords, another for another secret", () => {
  const digest = masterSecretDigest(master);
  const others = { ...context, domain: "192.0.2.9", passwords: { sales: "Tr0ub4dor&3-horse" } };
  expect(deriveSecrets(master, profile, context)["master.digest"]).toBe(digest);
  expect(deriveSecrets(master, { ...profile, phones: [] }, others)["master.digest"]).toBe(digest);
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  expect(masterSecretDigest(`${master}!`)).not.toBe(digest);
  expect(digest).not.toContain(master);
});

test("that the master secret is a new one is said only when the owner says it", () => {
  expect(deriveSecrets(master, profile, context)).not.toHaveProperty(["master.new"]);
  expect(deriveSecrets(master, profile, { ...context, newMasterSecret: true })["master.new"]).toBe("yes");
});

test("refuses a short master secret without repeating it", () => {
  const weak = "hunter2hunter2";
  expect(() => deriveSecrets(weak, profile, context)).toThrow(WeakMasterSecretError);
  expect(new WeakMasterSecretError(weak).message).not.toContain(weak);
});

test("a kept user name and password are taken as they are", () => {
  const phones = profile.phones.map((phone) => (phone.name === "sales" ? { ...phone, sipUser: "old-sales" } : phone));
  const kept = "Tr0ub4dor&3-horse";
  const values = deriveSecrets(master, { ...profile, phones }, { ...context, passwords: { sales: kept } });
  expect(values["phone.sales.user"]).toBe("old-sales");
  expect(values["phone.sales.digest"]).toBe(`MD5:${createHash("md5").update(`old-sales:pbx:${kept}`).digest("hex")}`);
});

test("SHA-256 by choice", () => {
  const values = deriveSecrets(master, { ...profile, digest: "sha-256" }, context);
  expect(values["phone.sales.digest"]).toMatch(/^SHA-256:[0-9a-f]{64}$/);
});

test.each([
  "short1!",
  "123456789012345",
  "aaaaaaaaaaaaaaaa1!",
  "sales-is-the-name-9",
  "xk9-102-extension!",
  "with blank 12345x",
  "line\nbreak12345x",
  "pässwort-mit-umlaut",
])("refuses the kept password %j without repeating it", (weak) => {
  const refused = () => credentials(master, "sales", 1, weak.replace("102", profile.phones[0]?.number ?? ""));
  expect(refused).toThrow(WeakPasswordError);
  expect(refused).not.toThrow(weak);
});
