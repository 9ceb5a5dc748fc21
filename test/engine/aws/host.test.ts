import { writeFileSync } from "node:fs";
import path from "node:path";

import type { SealedPbxSpec } from "../../../aws";
import type { SimulatedStack } from "../../../tools/aws/simulated-stack";
import { office } from "../../../tools/aws/office";
import { masterSecret, openMinimal } from "./minimal";

let stack: SimulatedStack;
let spec = office.pbx;

beforeAll(async () => {
  stack = await openMinimal();
}, 45 * 60_000);

afterAll(async () => {
  await stack.close();
});

jest.setTimeout(180_000);

/** What the last `up` really did, as `operation module/type name`, sorted. */
function done(): string[] {
  return stack.simulation
    .takeCalls()
    .filter(({ operation, preview }) => operation !== "invoke" && operation !== "read" && !preview)
    .map(({ operation, type, name }) => `${operation} ${type.replace(/^aws:(.*):.*$/, "$1")} ${name}`)
    .sort();
}

function setSpec(change: Partial<SealedPbxSpec>): void {
  spec = { ...spec, ...change };
  writeFileSync(path.join(stack.folder, "spec.ts"), `export const spec = ${JSON.stringify(spec)};\n`);
}

/** Ids of what has to outlive every machine, by type and name. */
async function lasting(): Promise<Record<string, string>> {
  const types = /^aws:(ec2\/(eip|networkInterface)|ebs\/volume|cloudwatch\/logGroup|secretsmanager\/\w+|kms\/key):/;
  const found = (await stack.resources()).filter(({ type }) => types.test(type));
  return Object.fromEntries(found.map(({ urn, type, id = "" }) => [`${type} ${urn.split("::").at(-1) ?? ""}`, id]));
}

test("a preview of everything succeeds with what it cannot know, and makes nothing", async () => {
  const steps = await stack.plan();
  expect(steps.length).toBeGreaterThan(30);
  expect(steps.filter(({ op }) => op !== "create")).toEqual([]);
  expect(done()).toEqual([]);
});

test("up makes each resource once, waits until the machine is known and has answered, and again changes nothing", async () => {
  stack.simulation.host.registersAfter = 3;
  await stack.up();
  stack.simulation.host.registersAfter = 0;
  const pbx = (await stack.resources()).find(({ type }) => type === "hardened-asterisk:index:AwsAsteriskHost");
  expect(pbx?.outputs?.["receipt"]).toMatchObject({ generation: expect.stringMatching(/^[0-9a-f]{32}$/) as string });
  const made = done();
  expect(new Set(made).size).toBe(made.length);
  expect(made.filter((line) => !line.startsWith("create "))).toEqual([]);
  await stack.up("--expect-no-changes");
  expect(done()).toEqual([]);
});

test("the vault goes before the role that deletes its copies", async () => {
  const vault = (await stack.resources()).find(({ type }) => type === "aws:backup/vault:Vault");
  const before = vault?.dependencies?.map((urn) => urn.split("::").at(-1));
  expect(before).toContain("pbx-backup-role-policy");
});

test("nothing that can be listened in on, previewed or exported holds a secret in clear text", async () => {
  const credentials = await stack.output<Record<string, { user: string; password: string }>>("credentials");
  const secrets = [masterSecret, ...Object.values(credentials).flatMap(({ user, password }) => [user, password])];
  expect(secrets.length).toBe(5);
  const places = {
    state: stack.stateText(),
    exported: await stack.export(),
    preview: await stack.run(["preview", "--diff"]),
  };
  for (const [place, text] of Object.entries(places))
    for (const secret of secrets) expect([place, text.includes(secret)]).toEqual([place, false]);
  expect(places.state).toContain("secretString");
});

/** What delivers another configuration: the object that holds it, the values beside it, and the order to fetch both. */
const delivered = [
  "create s3/bucketObjectv2 pbx-bundle",
  "create secretsmanager/secretVersion pbx-secret-values",
  "create ssm/association pbx-delivery",
  "delete s3/bucketObjectv2 pbx-bundle",
  "delete secretsmanager/secretVersion pbx-secret-values",
  "delete ssm/association pbx-delivery",
];
const withoutValues = delivered.filter((line) => !line.includes("secretVersion"));

test("one more phone touches the bundle, the secret's value and the association, nothing else", async () => {
  setSpec({ phones: { ...spec.phones, hall: { number: "103", networks: ["198.51.100.0/24"] } } });
  await stack.up();
  expect(done()).toEqual(delivered);
});

test("one more network is an entry of a prefix list too; in another order the list stays", async () => {
  const hall = (networks: string[]) => ({ phones: { ...spec.phones, hall: { number: "103", networks } } });
  setSpec(hall(["198.51.100.0/24", "203.0.113.0/24"]));
  await stack.up();
  expect(done()).toEqual([...withoutValues, "update ec2/managedPrefixList pbx-phones"].sort());
  setSpec(hall(["203.0.113.0/24", "198.51.100.0/24"]));
  expect((await stack.plan()).filter(({ type }) => !type.includes("ssm/") && !type.includes("bucketObject"))).toEqual(
    [],
  );
  setSpec(hall(["198.51.100.0/24", "203.0.113.0/24"]));
  stack.simulation.takeCalls();
});

test("a carrier's new address is an entry of its prefix list too", async () => {
  const { carrier } = spec.trunks ?? {};
  setSpec({ trunks: { carrier: { ...carrier, signalling: ["192.0.2.0/28", "192.0.2.64/28"] } } });
  await stack.up();
  expect(done()).toEqual([...withoutValues, "update ec2/managedPrefixList pbx-carriers"].sort());
});

test("a newer image by itself changes nothing", async () => {
  stack.simulation.surroundings.amiId = "ami-00000000000000002";
  await stack.up("--expect-no-changes");
  expect(done()).toEqual([]);
});

test("another generation replaces the machine with the newest image, and what has to last stays", async () => {
  const before = await lasting();
  expect(Object.keys(before).length).toBeGreaterThan(15);
  await stack.configure({ "aws-minimal:generation": "2" });
  await stack.up();
  const calls = done();
  expect(calls).toEqual(
    expect.arrayContaining(["create ec2/instance pbx-instance", "delete ec2/instance pbx-instance"]),
  );
  expect(
    calls.filter((line) =>
      / (ec2\/(eip|networkInterface|vpc|subnet)|ebs\/volume|cloudwatch\/logGroup|secretsmanager\/\w+|kms\/key|s3\/bucket) /.test(
        line,
      ),
    ),
  ).toEqual([]);
  expect(await lasting()).toEqual(before);
  const machine = (await stack.resources()).find(({ type }) => type === "aws:ec2/instance:Instance");
  expect(machine?.outputs?.["ami"]).toBe("ami-00000000000000002");
  expect(machine?.id).not.toBe(undefined);
});

test("a host that refuses makes up fail with its reason; the next up orders again, until it succeeds", async () => {
  const { host } = stack.simulation;
  setSpec({ limits: { calls: 5, callMinutes: 60 } });
  for (const reason of ["the address 203.0.113.9 is not here", "the disk is full"]) {
    host.refuses = reason;
    host.registersAfter = 1;
    stack.simulation.takeCalls();
    const { code, stdout } = await stack.tryUp();
    expect([reason, code === 0]).toEqual([reason, false]);
    expect(stdout).toContain(`the host refused the configuration and keeps the one before: ${reason}. Mend that`);
    expect(stdout).not.toMatch(/\n\s+at /);
    expect(done()).toContain("create ssm/association pbx-delivery");
  }
  host.refuses = undefined;
  await stack.up();
  await stack.up("--expect-no-changes");
});

test("a refresh finds nothing to do", async () => {
  await stack.refresh();
  await stack.up("--expect-no-changes");
});

test("what lasts refuses to be destroyed until the owner says so; then everything goes", async () => {
  const before = await lasting();
  stack.simulation.takeCalls();
  const { code, stdout } = await stack.try(["destroy", "--yes"]);
  expect(code).not.toBe(0);
  expect(stdout).toMatch(/protect/);
  expect(done()).toEqual([]);
  expect(await lasting()).toEqual(before);
  await stack.configure({ "aws-minimal:deletionProtection": "false" });
  await stack.up();
  const names = (await stack.resources()).filter(({ type }) => type.startsWith("aws:")).length;
  // Buckets and vaults are not empty by then, and the simulation refuses as AWS does.
  stack.simulation.takeCalls();
  await stack.destroy();
  expect(done()).toHaveLength(names);
  expect(await stack.resources()).toEqual([]);
});
