import { readFileSync } from "node:fs";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Made } from "../../../controls/cloud/cloud-control";
import { makeFullOffice } from "../../../tools/aws/office";
import { faultsBySchema, judgedVersion } from "../../../tools/aws/provider-schema/judge";

type Inputs = Record<string, unknown>;

/** A resource of the office, one of its inputs changed, and what the judge has to say of it. */
const mutants: readonly (readonly [name: string, type: string, change: (inputs: Inputs) => Inputs, fault: string])[] = [
  [
    "an argument that the provider has not",
    "aws:ec2/instance:Instance",
    (inputs) => ({ ...inputs, terminationProtection: true }),
    "pbx-instance.terminationProtection: the provider has no such argument",
  ],
  [
    "one that it has not, in a nested one",
    "aws:ec2/instance:Instance",
    (inputs) => ({ ...inputs, metadataOptions: { httpTokens: "required", hopLimit: 1 } }),
    "pbx-instance.metadataOptions.hopLimit: the provider has no such argument",
  ],
  [
    "none where one is required",
    "aws:ssm/document:Document",
    (inputs) => ({ ...inputs, documentType: undefined }),
    "pbx-deliver.documentType: is required",
  ],
  [
    "none where a nested one is required",
    "aws:ec2/managedPrefixList:ManagedPrefixList",
    (inputs) => ({ ...inputs, entries: [{ description: "phones" }] }),
    "pbx-phones.entries[0].cidr: is required",
  ],
  [
    "a text where a number belongs",
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    (inputs) => ({ ...inputs, period: "60" }),
    '.period: "60" is no int',
  ],
  [
    "a truth value where a number belongs",
    "aws:ebs/volume:Volume",
    (inputs) => ({ ...inputs, size: true }),
    "pbx-data.size: true is no int",
  ],
  [
    "one value where a list belongs",
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    (inputs) => ({ ...inputs, alarmActions: "arn:aws:sns:eu-central-1:123456789012:alarms" }),
    ".alarmActions: is no list",
  ],
  [
    "a value that its enumeration has not",
    "aws:ec2/instance:Instance",
    (inputs) => ({ ...inputs, instanceType: "t3.smal" }),
    'pbx-instance.instanceType: "t3.smal" is none of InstanceType',
  ],
];

let offices: Made[][];
let faults: string[][];

beforeAll(async () => {
  jest.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);
  offices = [
    await makeFullOffice(),
    await makeFullOffice({ deletionProtection: false, irrevocableArchive: true }),
    await makeFullOffice({ kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/k", instanceType: "t4g.small" }),
  ];
  const weakened = mutants.map(([, type, change]) => changeFirst(type, change));
  faults = await faultsBySchema([...offices, ...weakened], (line) => process.stderr.write(`${line}\n`));
}, 10 * 60_000);

/** The office with the first resource of the type changed. */
function changeFirst(type: string, change: (inputs: Inputs) => Inputs): Made[] {
  const [office = []] = offices;
  const index = office.findIndex((made) => made.type === type);
  if (index === -1) throw new Error(`the office has no ${type}`);
  return office.map((made, at) => (at === index ? { ...made, inputs: change(made.inputs) } : made));
}

test("the judged version is one of those that the package may be used with", () => {
  const manifest = JSON.parse(readFileSync(path.join(__dirname, "../../../package.json"), "utf8")) as {
    peerDependencies: Record<string, string>;
  };
  const [, least = "", below = ""] =
    />=(\d+\.\d+)\.\d+ <(\d+)/.exec(manifest.peerDependencies["@pulumi/aws"] ?? "") ?? [];
  const [major = 0, minor = 0] = judgedVersion.split(".").map(Number);
  expect(major).toBe(Number(below) - 1);
  expect(minor).toBeGreaterThanOrEqual(Number(least.split(".")[1]));
});

test("every resource has arguments that the provider knows, with all that are required, of the right types", () => {
  expect(offices[0]?.length).toBeGreaterThan(190);
  expect(faults.slice(0, offices.length)).toEqual(offices.map(() => []));
});

test.each(mutants.map(([name, , , fault], index) => [name, fault, index] as const))(
  "the judge objects to %s",
  (_, fault, index) => {
    expect(faults[offices.length + index]).toEqual([expect.stringContaining(fault)]);
  },
);
