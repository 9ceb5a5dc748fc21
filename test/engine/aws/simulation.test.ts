import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { SimulatedStack } from "../../../tools/aws/simulated-stack";
import { ensureEngine } from "../../../tools/engine/engine";
import { declare, writeSmallProgram, type Declared } from "./program";

const program: Record<string, Declared> = {
  vpc: { class: "ec2.Vpc", args: { cidrBlock: "10.0.0.0/16", tags: { a: "b" } } },
  subnet: { class: "ec2.Subnet", args: { vpcId: "@vpc.id", cidrBlock: "10.0.0.0/24" } },
  group: { class: "ec2.SecurityGroup", args: { vpcId: "@vpc.id", description: "one" } },
  eni: { class: "ec2.NetworkInterface", args: { subnetId: "@subnet.id", securityGroups: ["@group.id"] } },
  machine: {
    class: "ec2.Instance",
    args: { ami: "@newest.", instanceType: "t3.small", primaryNetworkInterface: { networkInterfaceId: "@eni.id" } },
    opts: { ignoreChanges: ["ami"], deleteBeforeReplace: true },
  },
  subscription: {
    class: "cloudwatch.LogSubscriptionFilter",
    args: { name: "one", logGroup: "calls", destinationArn: "arn:aws:firehose:eu-central-1:1:a", filterPattern: "" },
  },
  secret: { class: "secretsmanager.Secret", args: { description: "values" } },
  value: { class: "secretsmanager.SecretVersion", args: { secretId: "@secret.id", secretString: "@secret.hunter2" } },
  deliver: {
    class: "ssm.Association",
    args: {
      name: "document",
      parameters: { bundle: "1", version: "@value.versionId" },
      targets: [{ key: "InstanceIds", values: ["@machine.id"] }],
    },
    opts: { replaceOnChanges: ["parameters"] },
  },
};
let stack: SimulatedStack;

beforeAll(async () => {
  const engine = await ensureEngine({ progress: (line) => process.stderr.write(`${line}\n`) });
  const folder = mkdtempSync(path.join(tmpdir(), "aws-simulation-"));
  try {
    stack = await SimulatedStack.open({ engine, program: writeSmallProgram(folder, program) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 45 * 60_000);

afterAll(async () => {
  await stack.close();
});

jest.setTimeout(120_000);

/** What an `up` really did, as `operation name`, in that order. */
const doneInOrder = () =>
  stack.simulation
    .takeCalls()
    .filter(({ operation, preview }) => operation !== "invoke" && !preview)
    .map(({ operation, name }) => `${operation} ${name}`);
/** The same, sorted. */
const done = () => doneInOrder().sort();
const change = (name: string, args: Record<string, unknown>) => {
  const declared = program[name];
  if (declared === undefined) throw new Error(name);
  program[name] = { ...declared, args: { ...declared.args, ...args } };
  declare(stack.folder, program);
};
const plan = async () => (await stack.plan()).map(({ op, name }) => `${op} ${name}`).sort();

test("a preview of everything knows what it does not know yet", async () => {
  const steps = await stack.plan();
  expect(steps.filter(({ op }) => op !== "create")).toEqual([]);
  expect(stack.simulation.takeCalls().every(({ preview, operation }) => preview || operation === "invoke")).toBe(true);
});

test("up makes each once, and up again changes nothing", async () => {
  await stack.up();
  expect(done()).toEqual(
    Object.keys(program)
      .map((name) => `create ${name}`)
      .sort(),
  );
  await stack.up("--expect-no-changes");
  expect(done()).toEqual([]);
});

test("the state holds no secret in clear text", async () => {
  expect(stack.stateText()).toContain("secretString");
  expect(stack.stateText()).not.toContain("hunter2");
  expect(await stack.export()).not.toContain("hunter2");
});

test("a newer image by itself changes nothing; a group's description replaces the group, not the interface", async () => {
  stack.simulation.surroundings.amiId = "ami-00000000000000002";
  expect(await plan()).toEqual([]);
  change("group", { description: "two" });
  expect(await stack.plan()).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ op: "replace", name: "group", differs: ["description"] }),
      expect.objectContaining({ op: "update", name: "eni", differs: ["securityGroups[0]"] }),
    ]),
  );
  await stack.up();
  expect(done()).toEqual(["create group", "delete group", "update eni"]);
});

test("another size keeps the machine; another architecture replaces it, with the image of now", async () => {
  change("machine", { instanceType: "t3.medium" });
  await stack.up();
  expect(done()).toEqual(["update machine"]);
  change("machine", { instanceType: "t4g.small" });
  await stack.up();
  expect(done()).toEqual(expect.arrayContaining(["create machine", "delete machine"]));
  const machine = (await stack.resources()).find(({ type }) => type === "aws:ec2/instance:Instance");
  expect(machine?.outputs?.["ami"]).toBe("ami-00000000000000002");
});

test("a subscription under another name is made when the old one is gone", async () => {
  change("subscription", { name: "two" });
  await stack.up();
  expect(doneInOrder()).toEqual(["delete subscription", "create subscription"]);
});

test("another value replaces the secret's version and the association, whose old one goes first", async () => {
  change("value", { secretString: "@secret.hunter3" });
  await stack.up();
  expect(doneInOrder()).toEqual(["create value", "delete deliver", "create deliver", "delete value"]);
});

test("what somebody deleted by hand is found by a refresh and made again", async () => {
  const { id = "" } = (await stack.resources()).find(({ urn }) => urn.endsWith("::eni")) ?? {};
  stack.simulation.vanish(id);
  await stack.refresh();
  stack.simulation.takeCalls();
  await stack.up();
  expect(done()).toEqual(expect.arrayContaining(["create eni", "create machine"]));
});

test("destroy deletes each once", async () => {
  stack.simulation.takeCalls();
  await stack.destroy();
  expect(done().filter((line) => line.startsWith("delete"))).toEqual(
    Object.keys(program)
      .map((name) => `delete ${name}`)
      .sort(),
  );
});
