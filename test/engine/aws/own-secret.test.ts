import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { SimulatedStack } from "../../../tools/aws/simulated-stack";
import { masterSecret, openMinimal } from "./minimal";

const own = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:pbx-AbCdEf";
let stack: SimulatedStack;

beforeAll(async () => {
  stack = await openMinimal();
  use(own);
}, 45 * 60_000);

afterAll(async () => {
  await stack.close();
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

const other = own.replace("123456789012", "210987654321");

test.each([
  [
    "of another account",
    other,
    {},
    /secretArn: is a secret of account 210987654321.*give one like "arn:aws:secretsmanager:eu-central-1:123456789012:/,
  ],
  ["without a value", own, { secretVersion: undefined }, /secretArn: this secret has no value yet; set what/],
  ["whose key is not told", own, { secretKeyId: undefined }, /secretArn: this secret is encrypted with AWS's own key/],
  ["under AWS's own key", own, { secretKeyId: "" }, /secretArn: this secret is encrypted with AWS's own key; give it/],
] as const)(
  "a secret %s is refused at preview: once, with path and cure, without a stack trace",
  async (_what, arn, change, words) => {
    const { surroundings } = stack.simulation;
    const usual = { ...surroundings };
    Object.assign(surroundings, change);
    use(arn);
    const { code, stdout } = await stack.try(["preview"]).finally(() => {
      Object.assign(surroundings, usual);
      use(own);
    });
    expect(code).not.toBe(0);
    expect(stdout).toMatch(words);
    expect(stdout.slice(stdout.indexOf("Diagnostics:")).match(/secretArn: /g)).toHaveLength(1);
    expect(stdout).not.toMatch(/\n\s+at /);
  },
);

test("without a preview nothing is made of a secret that is refused", async () => {
  use(other);
  const { code, stdout } = await stack.tryUp().finally(() => {
    use(own);
  });
  expect(code).not.toBe(0);
  expect(stdout).toContain("secretArn: is a secret of account 210987654321");
  const made = (await stack.resources()).map(({ type }) => type);
  expect(made.filter((type) => /rolePolicy:|association:Association|instance:Instance/.test(type))).toEqual([]);
});

test("with it up makes no secret and no key for one, and the state holds none", async () => {
  await stack.up();
  const made = (await stack.resources()).map(({ type, urn }) => `${type} ${urn.split("::").at(-1) ?? ""}`);
  expect(made.length).toBeGreaterThan(100);
  expect(made.filter((line) => /secretsmanager|pbx-secrets-key/.test(line))).toEqual([]);
  const state = stack.stateText();
  expect(state).not.toContain(masterSecret);
  expect(state).not.toContain("secretString");
  expect(await stack.output("credentials")).toEqual({});
});

test("another version in it is what the next up delivers, and nothing else changes", async () => {
  stack.simulation.surroundings.secretVersion = "simulated-version-of-a-secret-0002";
  const steps = (await stack.plan()).filter(({ op }) => op !== "read");
  expect(steps.map(({ name }) => name).filter((name) => name !== "pbx-delivery")).toEqual([]);
  expect(steps.some(({ op }) => op === "replace")).toBe(true);
});
