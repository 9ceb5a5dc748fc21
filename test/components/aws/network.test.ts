import { AwsAsteriskHost } from "../../../components/aws/asterisk-host";
import type { AwsAsteriskHostArgs } from "../../../components/aws/asterisk-host-args";
import { awsProfile } from "../../../components/aws/aws-profile";
import type { Made } from "../../../controls/cloud/cloud-control";
import { madeBy, ofType, type Answers } from "./made-by-program";
import { awsArgs } from "./spec";

const bringUp = (change: Partial<AwsAsteriskHostArgs> = {}, answers: Answers = {}) =>
  madeBy(() => new AwsAsteriskHost("office", awsArgs(change)), { answers });

let made: readonly Made[];
beforeAll(async () => {
  made = await bringUp();
}, 60_000);

const one = (type: string) => {
  const [first, ...more] = ofType(made, type);
  if (first === undefined || more.length > 0) throw new Error(`not one ${type}`);
  return first.inputs;
};

interface AclRule {
  ruleAction: string;
  egress: boolean;
  protocol: string;
  fromPort: number;
  toPort: number;
  ruleNumber: number;
}

test("its own network has one subnet that gives out no public address, and a way to the internet", () => {
  expect(one("ec2/vpc:Vpc")).toMatchObject({ cidrBlock: "10.80.0.0/24" });
  expect(one("ec2/subnet:Subnet")).toMatchObject({ cidrBlock: "10.80.0.0/28", mapPublicIpOnLaunch: false });
  expect(one("ec2/route:Route")).toMatchObject({ destinationCidrBlock: "0.0.0.0/0", gatewayId: "office-gateway-id" });
});

/** Zone of the subnet where EC2 offers the type at these places; what EC2 was asked. */
async function zoneAmong(locations: readonly string[], change: Partial<AwsAsteriskHostArgs> = {}) {
  const asked: unknown[] = [];
  const offered = await bringUp(change, {
    "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": (inputs) => {
      asked.push(inputs);
      return { locations };
    },
  });
  return { zone: ofType(offered, "ec2/subnet:Subnet")[0]?.inputs["availabilityZone"], asked };
}

test("its subnet is in the first availability zone that offers the instance type, in no Local Zone", async () => {
  const { zone, asked } = await zoneAmong(["eu-central-1c", "eu-central-1-ham-1a", "eu-central-1b"], {
    instanceType: "m7i-flex.large",
  });
  expect(zone).toBe("eu-central-1b");
  const filters = [{ name: "instance-type", values: ["m7i-flex.large"] }];
  expect(asked).toEqual([{ locationType: "availability-zone", filters }]);
}, 30_000);

test("a zone that is given is taken, and EC2 is not asked", async () => {
  expect(await zoneAmong([], { availabilityZone: "eu-central-1c" })).toEqual({ zone: "eu-central-1c", asked: [] });
}, 30_000);

test("the group that every VPC is born with lets nothing through", () => {
  expect(one("ec2/defaultSecurityGroup:DefaultSecurityGroup")).toMatchObject({ ingress: [], egress: [] });
});

test("the network ACL lets in the PBX's ports and answers, and neither SSH nor RDP", () => {
  expect(one("ec2/networkAcl:NetworkAcl")).toMatchObject({ subnetIds: ["office-subnet-id"] });
  const rules = ofType(made, "ec2/networkAclRule:NetworkAclRule").map(({ inputs }) => inputs as unknown as AclRule);
  const inward = rules.filter(({ egress }) => !egress).sort((a, b) => a.ruleNumber - b.ruleNumber);
  expect(inward.map((r) => `${r.ruleAction} ${r.protocol} ${r.fromPort}-${r.toPort}`)).toEqual([
    "deny tcp 22-22",
    "deny tcp 3389-3389",
    "allow tcp 5060-5061",
    "allow udp 5060-5060",
    "allow udp 10000-10199",
    "allow icmp 0-0",
    "allow tcp 32768-60999",
    "allow udp 32768-60999",
  ]);
  const numbers = rules.map(({ ruleNumber, egress }) => `${egress}-${ruleNumber}`);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(
    inward.filter(({ ruleAction, fromPort, toPort }) => ruleAction === "allow" && fromPort <= 22 && toPort >= 22),
  ).toEqual([]);
});

test("every flow is recorded for a year, under a key of ours, by a role that can do nothing else", () => {
  expect(one("ec2/flowLog:FlowLog")).toMatchObject({ trafficType: "ALL", vpcId: "office-vpc-id" });
  const group = ofType(made, "cloudwatch/logGroup:LogGroup").find(({ name }) => name === "office-flow-log-group");
  expect(group?.inputs).toMatchObject({ retentionInDays: 365, deletionProtectionEnabled: true });
  expect(group?.inputs["kmsKeyId"]).toMatch(/office-logs-key$/);
  const policy = ofType(made, "iam/policy:Policy").find(({ name }) => name === "office-flow-log-policy");
  expect(String(policy?.inputs["policy"])).not.toMatch(/"Resource":"\*"|"logs:\*"|CreateLogGroup/);
});

test("keys turn over every year, can be had back for 30 days, and are the account's alone", () => {
  const keys = ofType(made, "kms/key:Key");
  expect(keys.map(({ name }) => name).sort()).toEqual(["office-data-key", "office-logs-key", "office-secrets-key"]);
  for (const { inputs } of keys) {
    expect(inputs).toMatchObject({ enableKeyRotation: true, deletionWindowInDays: 30 });
    const { Statement } = JSON.parse(String(inputs["policy"])) as {
      Statement: { Principal: Record<string, string>; Condition?: object }[];
    };
    for (const { Principal, Condition } of Statement) {
      if (Principal["AWS"] !== undefined) expect(Principal["AWS"]).toBe("arn:aws:iam::123456789012:root");
      else expect(JSON.stringify(Condition)).toContain("123456789012");
    }
  }
});

test("in the caller's network nothing of a network is made", async () => {
  const given = await bringUp({ vpcId: "vpc-1", subnetId: "subnet-1", kmsKeyArn: "arn:aws:kms:eu-central-1:1:key/k" });
  const ofNetwork = given.filter(({ type }) => /Vpc$|Subnet$|Gateway|Route|NetworkAcl|FlowLog|:Key$/.test(type));
  expect(ofNetwork.map(({ name }) => name)).toEqual([]);
}, 30_000);

const refusal = (change: Partial<AwsAsteriskHostArgs>) => {
  try {
    awsProfile("pbx", awsArgs(change), () => undefined, new Date());
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
  return "";
};

test.each<[string, Partial<AwsAsteriskHostArgs>, string]>([
  ["a subnet without its VPC", { subnetId: "subnet-1" }, "vpcId: is missing"],
  ["a VPC without a subnet", { vpcId: "vpc-1" }, "subnetId: is missing"],
  ["addresses for a VPC that is there", { vpcId: "v", subnetId: "s", vpcCidr: "10.1.0.0/24" }, "vpcCidr: is for a VPC"],
  ["a VPC with public addresses", { vpcCidr: "8.8.8.0/24" }, 'vpcCidr: "8.8.8.0/24" is not private'],
  ["a VPC too large", { vpcCidr: "10.0.0.0/15" }, 'vpcCidr: "10.0.0.0/15" is no size for a VPC'],
  [
    "a VPC over a phone's network",
    { vpcCidr: "100.64.7.0/24" },
    'overlaps "100.64.7.2/32" of phones.warehouse.networks',
  ],
])("%s is refused with path and cure", (_, change, words) => {
  expect(refusal(change)).toContain(words);
});
