import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { SimulatedStack } from "../../../tools/aws/simulated-stack";
import { masterSecret, openMinimal } from "./minimal";

const own = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:pbx-AbCdEf";
let folder: string;
let stack: SimulatedStack;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "aws-own-secret-"));
  stack = await openMinimal(path.join(folder, "stack"));
  use(own);
}, 45 * 60_000);

afterAll(async () => {
  await stack.close();
  rmSync(folder, { recursive: true, force: true });
});

jest.setTimeout(15 * 60_000);

/** Has the program name a secret of its owner's, in place of the master secret. */
function use(secretArn: string): void {
  const program = path.join(stack.folder, "index.ts");
  const line = /masterSecret: config.requireSecret\("masterSecret"\)|secretArn: "[^"]*"/;
  const text = readFileSync(program, "utf8");
  if (!line.test(text)) throw new Error(`${program} names no secret`);
  writeFileSync(program, text.replace(line, `secretArn: "${secretArn}"`));
}

const made = () =>
  stack.simulation.takeCalls().filter(({ operation, preview }) => operation !== "invoke" && !preview).length;

test.each<[string, () => void, string | undefined, RegExp]>([
  [
    "of another account",
    () => undefined,
    own.replace("123456789012", "210987654321"),
    /secretArn: is a secret of account 210987654321.*give one like "arn:aws:secretsmanager:eu-central-1:123456789012:/,
  ],
  [
    "without a value",
    () => {
      stack.simulation.surroundings.secretVersion = undefined;
    },
    undefined,
    /secretArn: this secret has no value yet; set what `hardened-asterisk secrets` prints/,
  ],
  [
    "under AWS's own key",
    () => {
      stack.simulation.surroundings.secretKeyId = "";
    },
    undefined,
    /secretArn: this secret is encrypted with AWS's own key; .*update-secret --kms-key-id/,
  ],
])("a secret %s is refused at preview, with path and cure and no stack trace", async (_what, change, arn, words) => {
  const sound = { ...stack.simulation.surroundings };
  change();
  use(arn ?? own);
  const { code, stdout } = await stack.try(["preview"]);
  expect([code === 0, made()]).toEqual([false, 0]);
  expect(stdout).toMatch(words);
  expect(stdout).not.toMatch(/\n\s+at |unhandled/i);
  Object.assign(stack.simulation.surroundings, sound);
  use(own);
});

test("with it up makes no secret and no key for one, and neither state nor preview holds any", async () => {
  const preview = await stack.run(["preview", "--diff"]);
  await stack.up();
  const types = (await stack.resources()).map(({ type, urn }) => `${type} ${urn.split("::").at(-1) ?? ""}`);
  expect(types.filter((line) => /secretsmanager|pbx-secrets-key/.test(line))).toEqual([]);
  const state = (await stack.export()).replaceAll("pulumi:", "");
  for (const text of [state, preview]) {
    expect(text).not.toContain(masterSecret);
    expect(text).not.toMatch(/secretString|"ciphertext":"(?!v1:[^"]{0,80}")/);
  }
  expect(await stack.output("credentials")).toEqual({});
});

test("another version in it is delivered by the next up, and nothing else changes", async () => {
  await stack.up("--expect-no-changes");
  stack.simulation.surroundings.secretVersion = "simulated-version-of-a-secret-0002";
  expect((await stack.plan()).map(({ op, name }) => `${op} ${name}`)).toEqual(
    expect.arrayContaining([expect.stringMatching(/replace pbx-delivery$/)]),
  );
  stack.simulation.takeCalls();
  await stack.up();
  const calls = stack.simulation
    .takeCalls()
    .filter(({ operation, preview }) => /create|update|delete/.test(operation) && !preview);
  expect(calls.map(({ operation, name }) => `${operation} ${name}`).sort()).toEqual([
    "create pbx-delivery",
    "delete pbx-delivery",
  ]);
});
