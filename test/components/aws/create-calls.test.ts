import * as pulumi from "@pulumi/pulumi";
import type { Made } from "../../../controls/cloud/cloud-control";
import { applyStacks, type Applied } from "../../../tools/aws/create-calls/apply";
import { motoGaps, providerOnly, unreadPatterns } from "../../../tools/aws/create-calls/limits";
import { makeFullOffice } from "../../../tools/aws/office";
import { ensureMoto } from "../../e2e/aws/cloud";

type Inputs = Record<string, unknown>;
type Mutant = readonly [name: string, type: string, change: Inputs, fault: string];

/** What AWS's own models object to: an input of the first resource of a type, and the words. */
const unlikeTheModel: readonly Mutant[] = [
  ["a name that is too long", "aws:iam/role:Role", { name: "r".repeat(65) }, "has 65, and 64 is the most"],
  ["a description without end", "aws:kms/key:Key", { description: "d".repeat(8193) }, "and 8192 is the most"],
  ["a character that is not taken", "aws:backup/vault:Vault", { name: "our vault" }, "'our vault' does not match"],
  ["a value of no enumeration", "aws:ec2/flowLog:FlowLog", { trafficType: "EVERY" }, "'EVERY' is none of ACCEPT"],
  ["a missing member", "aws:iam/role:Role", { assumeRolePolicy: undefined }, "AssumeRolePolicyDocument: is required"],
  ["another type", "aws:ebs/volume:Volume", { size: "10" }, "'10' is no integer"],
  ["a number that is too small", "aws:cloudwatch/metricAlarm:MetricAlarm", { period: 0 }, "and 1 is the least"],
];

/** What moto refuses, as AWS does. */
const refusedByMoto: readonly Mutant[] = [
  ["a policy that is none", "aws:iam/policy:Policy", { policy: "{}" }, "MalformedPolicyDocument"],
  ["a subnet outside its network", "aws:ec2/subnet:Subnet", { cidrBlock: "192.168.0.0/24" }, "InvalidSubnet.Range"],
  ["a document that is no JSON", "aws:ssm/document:Document", { content: "{" }, "InvalidDocumentContent"],
];

let office: readonly Made[];
let beside: Applied;
let other: Applied;
let sameNames: Applied;
let weakened: readonly Applied[];

beforeAll(async () => {
  jest.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);
  const python = await ensureMoto();
  office = await makeFullOffice({}, { project: "shop", stack: "dev" });
  const depot = await makeFullOffice({}, { project: "depot", stack: "dev" });
  const bare = await makeFullOffice({
    deletionProtection: false,
    irrevocableArchive: true,
    instanceType: "t4g.small",
    permissionsBoundary: "arn:aws:iam::123456789012:policy/boundary",
  });
  const mutants = [...unlikeTheModel, ...refusedByMoto].map(([, type, change]) => [changeFirst(type, change)]);
  [beside, other, sameNames, ...weakened] = (await applyStacks(python, [
    [office, depot],
    [bare],
    [office, office],
    ...mutants,
  ])) as [Applied, Applied, Applied, ...Applied[]];
}, 10 * 60_000);

/** The office up to the first resource of the type, which is changed. */
function changeFirst(type: string, change: Inputs): Made[] {
  const index = office.findIndex((made) => made.type === type);
  if (index === -1) throw new Error(`the office has no ${type}`);
  const made = office.slice(0, index + 1);
  return made.map((one, at) => (at === index ? { ...one, inputs: { ...one.inputs, ...change } } : one));
}

const unexplained = ({ failed }: Applied) =>
  failed.filter(([call, , message]) => !motoGaps.some((gap) => gap.call === call && gap.message.test(message)));

test("AWS's own models of its requests object to no call that makes a resource", () => {
  expect(beside.calls.length).toBeGreaterThan(2 * 200);
  expect([...beside.faults, ...other.faults]).toEqual([]);
  expect(beside.unread).toEqual(unreadPatterns);
});

test("every argument is part of a call, or is the provider's own by name", () => {
  expect(beside.unmapped).toEqual(Object.keys(providerOnly).sort());
});

test("moto makes two stacks beside each other in one account, and they share nothing", () => {
  expect([...unexplained(beside), ...unexplained(other)]).toEqual([]);
  expect(beside.clashes).toEqual([]);
});

test.each(motoGaps.map((gap) => [gap.call, gap] as const))("moto still cannot do %s", (call, { message }) => {
  const ofCall = beside.failed.filter((failure) => failure[0] === call);
  expect(ofCall.length).toBeGreaterThan(0);
  expect(ofCall.filter((failure) => !message.test(failure[2]))).toEqual([]);
  expect(ofCall).toHaveLength(beside.calls.filter((one) => one[1] === call).length);
});

test("the same names twice are noticed, refused or silently one", () => {
  const refused = new Set(unexplained(sameNames).map(([call]) => call));
  for (const call of ["iam.CreateRole", "backup.CreateBackupVault", "logs.CreateLogGroup", "ssm.CreateDocument"])
    expect(refused).toContain(call);
  const shared = new Set(sameNames.clashes.map(([type]) => type));
  for (const type of ["cloudwatch/metricAlarm:MetricAlarm", "sns/topic:Topic", "cloudwatch/eventRule:EventRule"])
    expect(shared).toContain(`aws:${type}`);
});

test.each(unlikeTheModel.map(([name, , , fault], index) => [name, fault, index] as const))(
  "the models object to %s",
  (_, fault, index) => {
    expect(weakened[index]?.faults.join("\n")).toContain(fault);
  },
);

test.each(refusedByMoto.map(([name, , , fault], index) => [name, fault, index] as const))(
  "moto refuses %s",
  (_, fault, index) => {
    const applied = weakened[unlikeTheModel.length + index];
    expect(applied && unexplained(applied).map(([, , message]) => message)).toContainEqual(
      expect.stringContaining(fault),
    );
  },
);
