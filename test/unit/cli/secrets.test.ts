import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { stringify } from "yaml";
import { renderScenario } from "../../golden/render-scenario";
import { runCaptured } from "./capture";

const golden = path.join(__dirname, "../../golden/aws-no-ssh/spec.yaml");
const masterSecret = "0123456789abcdef0123456789abcdef";
const registered = {
  country: "DE",
  phones: { reception: { number: "101", networks: ["198.51.100.0/24"] } },
  trunks: {
    carrier: {
      register: { server: "192.0.2.2", user: "4930123456" },
      signalling: ["192.0.2.0/28"],
      media: ["192.0.2.128/25"],
      numbers: { "+493012345678": "reception" },
    },
  },
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "hardened-asterisk-secrets-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function specFile(spec: unknown): string {
  const file = path.join(folder, "spec.yaml");
  writeFileSync(file, stringify(spec));
  return file;
}

test("prints each value that the host's files refer to, but for its addresses, and the master secret's digest, in one line of JSON", async () => {
  const { code, out, err } = await runCaptured(["secrets", golden], `masterSecret: ${masterSecret}`);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const refs = renderScenario("aws-no-ssh").bundle.files.flatMap(({ content }) =>
    content.flatMap((piece) => (typeof piece === "string" ? [] : [piece.ref])),
  );
  const wanted = [...new Set(refs)].filter((ref) => !ref.startsWith("host.")).sort();
  expect(wanted.length).toBeGreaterThan(3);
  expect(Object.keys(JSON.parse(out) as object)).toEqual(["master.digest", ...wanted]);
  expect(out.trimEnd()).not.toContain("\n");
  expect(out).not.toContain(masterSecret);
});

test("says that the master secret may be a new one only when asked to", async () => {
  const printed = async (...more: string[]) =>
    JSON.parse((await runCaptured(["secrets", golden, ...more], `masterSecret: ${masterSecret}`)).out) as object;
  const usual = await printed();
  expect(usual).not.toHaveProperty(["master.new"]);
  expect(await printed("--new-master-secret")).toEqual({ ...usual, "master.new": "yes" });
});

test("the cards it prints are those that `card` takes, with the password behind the digest", async () => {
  const input = JSON.stringify({ masterSecret, passwords: { reception: "Kept-9-from-the-older-system-x7" } });
  const { out } = await runCaptured(["secrets", golden, "--cards", "203.0.113.10"], input);
  const card = await runCaptured(["card", "reception", "--no-qr"], out);
  expect(card.code).toBe(0);
  expect(card.out).toMatch(/Password +Kept-9-from-the-older-system-x7\nDomain +203\.0\.113\.10/);
});

test.each([
  ["nothing", "", "must be a mapping with masterSecret"],
  ["a short master secret", "masterSecret: short", "masterSecret: has 5 characters"],
  ["a number", "masterSecret: 12", "masterSecret: must be a text"],
  ["another key", `masterSecret: ${masterSecret}\npasword: hunter2`, "has a key that is none of"],
  ["no YAML", "hunter2: [", "is not YAML or JSON"],
  ["a weak password", `{masterSecret: ${masterSecret}, passwords: {reception: hunter2}}`, "passwords.reception"],
])("refuses %s and repeats nothing of it", async (_what, input, words) => {
  const { code, out, err } = await runCaptured(["secrets", golden], input);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain(words);
  expect(err).not.toMatch(/hunter2|0123456789abcdef|\n\s+at /);
});

test("a carrier's password is asked for, and is among the values", async () => {
  const file = specFile(registered);
  const without = await runCaptured(["secrets", file], `masterSecret: ${masterSecret}`);
  expect([without.code, without.err]).toEqual([2, expect.stringContaining("trunkPasswords.carrier: is missing")]);
  const given = `{masterSecret: ${masterSecret}, trunkPasswords: {carrier: "carriers-own-1"}}`;
  const { out } = await runCaptured(["secrets", file], given);
  expect(JSON.parse(out)).toMatchObject({ "trunk.carrier.password": "carriers-own-1" });
});

test("the spec is no standard input, and one with admins is none of AWS", async () => {
  expect(await runCaptured(["secrets", "-"], "x")).toMatchObject({ code: 2, out: "" });
  const { err } = await runCaptured(["secrets", specFile({ ...registered, admins: ["198.51.100.7/32"] })], "x");
  expect(err).toContain("admins: does not go with a machine");
});
