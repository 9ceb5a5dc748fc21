import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { stringify } from "yaml";
import { ensureEngine } from "../../tools/engine/engine";
import { manyPhones } from "../../tools/bench/many-phones";
import { PbxStack } from "../../tools/operator/stack";
import { officeSpec } from "./scenario";

const name = "testspecfile";
const root = path.join(__dirname, "../..");
let folder: string;
let stack: PbxStack;

/** What a preview says; it connects to nothing. */
async function preview(config: Record<string, unknown>) {
  stack.editConfig({ "pbx:spec": undefined, "pbx:specFile": undefined, ...config });
  const { code, stdout, stderr } = await stack.try(["preview", "--stack", name]);
  return { code, said: stdout + stderr };
}

function keep(file: string, text: string): string {
  writeFileSync(path.join(folder, file), text);
  return path.join(folder, file);
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "hardened-asterisk-spec-"));
  const { privateKey } = generateKeyPairSync("ed25519", {
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  stack = await PbxStack.open({
    engine: await ensureEngine(),
    name,
    folder,
    target: { host: "203.0.113.10", port: 22, hostKey: "ssh-ed25519 AAAA", privateKeyFile: keep("key", privateKey) },
    masterSecret: "0123456789abcdefghijklmnopqrstuvwxyz",
  });
}, 120_000);

afterAll(() => {
  rmSync(PbxStack.configFile(name), { force: true });
  rmSync(folder, { recursive: true, force: true });
});

test("a spec of 2,500 phones is too large for the configuration and is read from a file", async () => {
  const spec = manyPhones(2500);
  const within = await preview({ "pbx:spec": spec });
  expect([within.code === 0, within.said]).toEqual([false, expect.stringMatching(/E2BIG|argument list too long/i)]);
  const beside = await preview({ "pbx:specFile": keep("many.json", JSON.stringify(spec)) });
  expect([beside.code, beside.said]).toEqual([0, expect.stringContaining("pbx-activate")]);
}, 120_000);

test("the file's path is relative to the folder of Pulumi.yaml", async () => {
  const relative = path.relative(root, keep("office.yaml", stringify(officeSpec())));
  const { code, said } = await preview({ "pbx:specFile": relative });
  expect([code, said]).toEqual([0, expect.stringContaining("pbx-activate")]);
}, 60_000);

test.each<[string, () => Record<string, unknown>, RegExp]>([
  ["neither", () => ({}), /pbx:spec: is missing; .* pulumi config set pbx:specFile office\.yaml/],
  ["both", () => ({ "pbx:spec": officeSpec(), "pbx:specFile": "office.yaml" }), /both are given; keep one/],
  ["no such file", () => ({ "pbx:specFile": "none.yaml" }), /\/none\.yaml: there is no such file; check the path/],
  [
    "a mistake in the file",
    () => ({ "pbx:specFile": keep("bad.yaml", stringify({ ...officeSpec(), admins: ["0.0.0.0/0"] })) }),
    /The PBX spec has 1 issue:\s+admins\.0: "0\.0\.0\.0\/0" lets in far too many/,
  ],
])(
  "refused with place and cure, and without a stack trace: %s",
  async (_what, config, words) => {
    const { code, said } = await preview(config());
    expect([code === 0, said]).toEqual([false, expect.stringMatching(words)]);
    expect(said).not.toMatch(/\n\s+at /);
  },
  60_000,
);
