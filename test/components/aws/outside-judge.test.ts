import type { Made } from "../../../controls/cloud/cloud-control";
import { checkovExceptions } from "../../../tools/aws/checkov/exceptions";
import { checkovPython, judgeByCheckov, type Judgement } from "../../../tools/aws/checkov/judge";
import { makeOffice } from "../../../tools/aws/office";
import { isFunction } from "../../../tools/aws/terraform-json";
import { address } from "../../../tools/aws/terraform-names";

type Inputs = Record<string, unknown>;

/** One way to weaken a host: the type it happens to, what becomes of its inputs, and the check that has to object. */
interface Mutant {
  readonly name: string;
  readonly type: string;
  readonly weaken: (inputs: Inputs) => Inputs;
  readonly check: string;
}

const without = (inputs: Inputs, name: string): Inputs =>
  Object.fromEntries(Object.entries(inputs).filter(([key]) => key !== name));

const mutants: readonly Mutant[] = [
  {
    name: "a secret under Amazon's key",
    type: "aws:secretsmanager/secret:Secret",
    weaken: (inputs) => without(inputs, "kmsKeyId"),
    check: "CKV_AWS_149",
  },
  {
    name: "metadata without a token",
    type: "aws:ec2/instance:Instance",
    weaken: (inputs) => ({ ...inputs, metadataOptions: { httpTokens: "optional", httpEndpoint: "enabled" } }),
    check: "CKV_AWS_79",
  },
  {
    name: "logs kept for a week",
    type: "aws:cloudwatch/logGroup:LogGroup",
    weaken: (inputs) => ({ ...inputs, retentionInDays: 7 }),
    check: "CKV_AWS_338",
  },
  {
    name: "logs under Amazon's key",
    type: "aws:cloudwatch/logGroup:LogGroup",
    weaken: (inputs) => without(inputs, "kmsKeyId"),
    check: "CKV_AWS_158",
  },
  {
    name: "a topic in clear text",
    type: "aws:sns/topic:Topic",
    weaken: (inputs) => without(inputs, "kmsMasterKeyId"),
    check: "CKV_AWS_26",
  },
  {
    name: "a bucket that may become public",
    type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    weaken: (inputs) => ({ ...inputs, blockPublicPolicy: false }),
    check: "CKV_AWS_54",
  },
  {
    name: "an image by its name, whoever published it",
    type: "aws:ec2/getAmi:getAmi",
    weaken: (inputs) => without(inputs, "owners"),
    check: "CKV_AWS_386",
  },
  {
    name: "a data volume in clear text",
    type: "aws:ebs/volume:Volume",
    weaken: (inputs) => ({ ...inputs, encrypted: false }),
    check: "CKV_AWS_3",
  },
  {
    name: "a data volume under Amazon's key",
    type: "aws:ebs/volume:Volume",
    weaken: (inputs) => without(inputs, "kmsKeyId"),
    check: "CKV_AWS_189",
  },
  {
    name: "a key that never rotates",
    type: "aws:kms/key:Key",
    weaken: (inputs) => ({ ...inputs, enableKeyRotation: false }),
    check: "CKV_AWS_7",
  },
  {
    name: "SSH open to the world",
    type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    weaken: (inputs) => ({
      ...without(inputs, "prefixListId"),
      cidrIpv4: "0.0.0.0/0",
      ipProtocol: "tcp",
      fromPort: 22,
      toPort: 22,
    }),
    check: "CKV_AWS_24",
  },
  {
    name: "a policy that allows everything",
    type: "aws:iam/policy:Policy",
    weaken: (inputs) => ({
      ...inputs,
      policy: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] }),
    }),
    check: "CKV_AWS_62",
  },
  {
    name: "a subnet that hands out public addresses",
    type: "aws:ec2/subnet:Subnet",
    weaken: (inputs) => ({ ...inputs, mapPublicIpOnLaunch: true }),
    check: "CKV_AWS_130",
  },
];

let office: Made[];
let judged: Judgement;
let weakened: Judgement[];

beforeAll(async () => {
  await checkovPython((line) => process.stderr.write(`${line}\n`));
  office = await makeOffice();
  [judged, ...weakened] = (await judgeByCheckov([
    office,
    ...mutants.map(({ type, weaken }) => weakenFirst(type, weaken)),
  ])) as [Judgement, ...Judgement[]];
}, 20 * 60_000);

/** The office with the first resource of the type weakened. */
function weakenFirst(type: string, weaken: Mutant["weaken"]): Made[] {
  const index = office.findIndex((made) => made.type === type);
  if (index === -1) throw new Error(`the office has no ${type}`);
  return office.map((made, at) => (at === index ? { ...made, inputs: weaken(made.inputs) } : made));
}

const excepted = ([check, resource]: readonly string[]) =>
  checkovExceptions.some((one) => one.check === check && one.resource.test(resource ?? ""));

test("checkov reads every resource", () => {
  const resources = office.filter((one) => !isFunction(one));
  expect(judged.unread).toEqual([]);
  expect(judged.parsed).toEqual(resources.map(({ type, name }) => address(type, name)).sort());
  expect(judged.passed).toBeGreaterThan(resources.length);
});

test("it objects to nothing but what is documented, and each exception is needed", () => {
  expect(judged.failed.filter((failure) => !excepted(failure))).toEqual([]);
  for (const { check, resource } of checkovExceptions)
    expect(judged.failed).toContainEqual([check, expect.stringMatching(resource), expect.any(String)]);
});

test.each(mutants.map((mutant, index) => [mutant.name, mutant.check, index] as const))(
  "%s fails %s",
  (_, check, index) => {
    const objections = weakened[index]?.failed.filter((failure) => !excepted(failure)).map(([id]) => id);
    expect(objections).toContain(check);
  },
);
