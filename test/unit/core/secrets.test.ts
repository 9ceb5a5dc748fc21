import { createHash } from "node:crypto";
import {
  deriveSecrets,
  phoneCredentials,
  secretsDigest,
  WeakMasterSecretError,
} from "../../../core/secrets/derive-secrets";
import { renderScenario } from "../../golden/render-scenario";

const master = "correct-horse-battery-staple-but-longer";
const { profile } = renderScenario("office");

test("derives the same credentials again, and others for another name, generation or master secret", () => {
  const base = phoneCredentials(master, "sales", 1, "pbx");
  expect(phoneCredentials(master, "sales", 1, "pbx")).toEqual(base);
  expect(base.user).toMatch(/^sales-[a-z0-9]{6}$/);
  expect(base.password).toMatch(/^[a-z0-9]{32}$/);
  const others = [
    phoneCredentials(master, "sales", 2, "pbx"),
    phoneCredentials(master, "desk", 1, "pbx"),
    phoneCredentials(`${master}!`, "sales", 1, "pbx"),
  ];
  for (const other of others) expect(other.password).not.toBe(base.password);
});

test("raising the generation keeps the user name", () => {
  expect(phoneCredentials(master, "sales", 2, "pbx").user).toBe(phoneCredentials(master, "sales", 1, "pbx").user);
});

test("hands the host a digest (RFC 2617 HA1) and never a password", () => {
  const values = deriveSecrets(master, profile, undefined);
  const { user, password } = phoneCredentials(master, "sales", 1, profile.realm);
  expect(values["phone.sales.digest"]).toBe(createHash("md5").update(`${user}:pbx:${password}`).digest("hex"));
  expect(JSON.stringify(values)).not.toContain(password);
});

test("the digest of the values is keyed and changes with any of them", () => {
  const values = deriveSecrets(master, profile, undefined);
  const digest = secretsDigest(master, values);
  expect(secretsDigest(master, { ...values, "phone.sales.user": "x" })).not.toBe(digest);
  expect(secretsDigest(`${master}!`, values)).not.toBe(digest);
});

test("refuses a short master secret without repeating it", () => {
  const weak = "hunter2hunter2";
  expect(() => deriveSecrets(weak, profile, undefined)).toThrow(WeakMasterSecretError);
  expect(new WeakMasterSecretError(weak.length).message).not.toContain(weak);
});
