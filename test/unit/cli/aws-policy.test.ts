import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { deployPolicies, takeDownPolicies } from "../../../components/aws/deploy-policy";
import { physicalName } from "../../../components/aws/physical-names";
import { runCaptured } from "./capture";

const place = ["--account", "123456789012", "--region", "eu-central-1"];
const key = "arn:aws:kms:eu-central-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";
const policy = (...args: readonly string[]) => runCaptured(["aws", "policy", ...args]);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "hardened-asterisk-policy-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("prints every policy of several stacks as one JSON object", async () => {
  const { code, out, err } = await policy(...place, "--stack", "dev", "--stack", "prod", "--project", "shop");
  expect([code, err]).toEqual([0, ""]);
  const owners = ["dev", "prod"].map((stack) => ({ project: "shop", stack, component: "pbx" }));
  const args = { account: "123456789012", region: "eu-central-1", owners };
  const wanted = [
    ...deployPolicies(args).map((one, at) => [`deploy-${at + 1}`, one]),
    ...takeDownPolicies(args).map((one, at) => [`take-down-${at + 1}`, one]),
  ] as const;
  expect(JSON.parse(out)).toEqual(Object.fromEntries(wanted));
});

test("writes one file for each, and the operators' with machine and key", async () => {
  const into = path.join(folder, "policies");
  const operator = ["--instance", "i-0123456789abcdef0", "--logs-key", key];
  const { code, out } = await policy(...place, "--stack", "dev", ...operator, into);
  expect([code, out]).toEqual([0, `4 policies written below ${into}\n`]);
  expect(readdirSync(into).sort()).toEqual(["deploy-1.json", "deploy-2.json", "operator.json", "take-down-1.json"]);
  const [sessions] = (
    JSON.parse(readFileSync(path.join(into, "operator.json"), "utf8")) as { Statement: { Resource: string[] }[] }
  ).Statement;
  expect(sessions?.Resource).toEqual([
    "arn:aws:ec2:eu-central-1:123456789012:instance/i-0123456789abcdef0",
    expect.stringMatching(/^arn:aws:ssm:eu-central-1:123456789012:document\/pbx-pbx-dev-[0-9a-f]{6}-session$/),
  ]);
});

test("the folder is no stack, and no stack is refused", async () => {
  const into = path.join(folder, "out");
  expect(await policy(...place, "--stack", "dev", into)).toMatchObject({ code: 0 });
  expect(readdirSync(into)).toContain("deploy-1.json");
  expect(await policy(...place)).toMatchObject({
    code: 2,
    err: expect.stringContaining("--stack: is missing") as string,
  });
});

test.each([
  ["--account", "12345", "is no account; write its twelve digits"],
  ["--region", "frankfurt", "is no region; write for example eu-central-1"],
  ["--region", "us-gov-west-1", "is of a partition that the product does not support"],
  ["--stack", "*", "is no name of a stack"],
  ["--stack", "acme/dev", "write it without the organization"],
  ["--project", "${aws:username}", "is no name of a project"],
  ["--component", "aws-pbx", "choose another beginning"],
  ["--permissions-boundary", "boundary", "is no ARN of a policy of IAM"],
  ["--permissions-boundary", "arn:aws:iam::123456789012:role/admin", "is no ARN of a policy of IAM"],
  [
    "--permissions-boundary",
    `arn:aws:iam::123456789012:policy/${physicalName({ project: "pbx", stack: "dev", component: "pbx" }, "policyPrefix")}x`,
    "is named like the stack's own policies",
  ],
  ["--instance", "*", "is no instance"],
  ["--logs-key", "arn:aws:kms:eu-central-1:123456789012:*", "is no ARN of a key of this account and region"],
  ["--logs-key", key.replace("eu-central-1", "eu-west-1"), "is no ARN of a key of this account and region"],
  ["--logs-key", key, "--instance: needs --logs-key, and the other way round; give both or none"],
])("%s %s is refused with its cure", async (option, value, words) => {
  const { code, out, err } = await policy(...place, "--stack", "dev", option, value);
  expect([code, out]).toEqual([2, ""]);
  expect(err).toContain(words);
  expect(err).toContain(option === "--logs-key" && value === key ? "--instance: " : `${option}: `);
});

test("a policy for too many stacks is refused, and so is a folder that is not empty", async () => {
  const stacks = Array.from({ length: 200 }, (_, at) => `stack-${at}`);
  expect(await policy(...place, ...stacks.flatMap((one) => ["--stack", one]))).toMatchObject({
    code: 2,
    err: expect.stringContaining("print the policies of fewer stacks at a time") as string,
  });
  writeFileSync(path.join(folder, "mine.txt"), "");
  expect(await policy(...place, "--stack", "dev", "--project", "pbx", folder)).toMatchObject({
    code: 2,
    err: expect.stringContaining("is not empty") as string,
  });
});

test("it loads nothing of Pulumi", () => {
  const root = path.join(__dirname, "../../..");
  const argv = ["--import", "tsx", "--import", path.join(__dirname, "pulumi-watch.mjs")];
  const args = [...argv, path.join(root, "cli/main.ts"), "aws", "policy", ...place, "--stack", "dev"];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", cwd: root });
  expect([status, stderr]).toEqual([0, "loaded from @pulumi: 0\n"]);
});
