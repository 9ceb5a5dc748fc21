import { AwsAsteriskHost } from "../../../components/aws/asterisk-host";
import { judgeCloud, type CloudControl, type Made } from "../../../controls/cloud/cloud-control";
import { deliveryControls } from "../../../controls/cloud/delivery";
import { keyAndBackupControls } from "../../../controls/cloud/keys-and-backups";
import { machineControls } from "../../../controls/cloud/machine";
import { groupControls, networkControls } from "../../../controls/cloud/network";
import { madeBy } from "./made-by-program";
import { awsArgs } from "./spec";

const controls = [...machineControls, ...networkControls, ...groupControls, ...keyAndBackupControls];

let made: readonly Made[];
beforeAll(async () => {
  made = await madeBy(() => new AwsAsteriskHost("office", awsArgs()));
}, 60_000);

const judge = (control: CloudControl, resources: readonly Made[]) => judgeCloud(control, resources).result;
const controlOf = (row: number): CloudControl => {
  const found = controls.find((control) => control.row === row);
  if (found === undefined) throw new Error(`no control of row ${row}`);
  return found;
};

const excepted = [5, 13, 14, 20];

test.each(controls.map((control) => [control.row, control] as const))("row %i is in order", (row, control) => {
  expect(judgeCloud(control, made)).toMatchObject({ result: excepted.includes(row) ? "exception" : "pass" });
});

type Inputs = Readonly<Record<string, unknown>>;

/** A weaker choice: the row that must object, whose inputs, and what becomes of them. */
type Weakening = readonly [row: number, type: string, name: string, change: (inputs: Inputs) => Inputs];

const set = (change: Inputs) => (inputs: Inputs) => ({ ...inputs, ...change });
const within = (key: string, change: Inputs) => (inputs: Inputs) => ({
  ...inputs,
  [key]: { ...(inputs[key] as Inputs), ...change },
});
const policyFor = (principal: unknown) => (inputs: Inputs) => ({
  ...inputs,
  policy: JSON.stringify({
    Statement: [{ Effect: "Allow", Principal: principal, Action: "kms:*", Resource: "*" }],
  }),
});
const instance = "ec2/instance:Instance";
const inRule = "vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const outRule = "vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const udpFromCarriers = "office-signalling-in-udp-5060-from-carriers";
const worldwide = { prefixListId: undefined, cidrIpv4: "0.0.0.0/0" };

const weakenings: readonly Weakening[] = [
  [1, instance, "office-instance", within("metadataOptions", { httpTokens: "optional" })],
  [1, instance, "office-instance", within("metadataOptions", { httpPutResponseHopLimit: 2 })],
  [1, instance, "office-instance", set({ metadataOptions: undefined })],
  [2, instance, "office-instance", within("rootBlockDevice", { encrypted: false })],
  [2, instance, "office-instance", within("rootBlockDevice", { kmsKeyId: undefined })],
  [2, "ebs/volume:Volume", "office-data", set({ encrypted: undefined })],
  [2, "ebs/volume:Volume", "office-data", set({ kmsKeyId: "alias/aws/ebs" })],
  [3, instance, "office-instance", set({ monitoring: false })],
  [3, instance, "office-instance", set({ ebsOptimized: undefined })],
  [4, instance, "office-instance", set({ iamInstanceProfile: undefined })],
  [5, instance, "office-instance", set({ associatePublicIpAddress: true })],
  [5, instance, "office-instance", set({ primaryNetworkInterface: undefined })],
  [6, instance, "office-instance", set({ userDataBase64: Buffer.from("masterSecret=abc").toString("base64") })],
  [6, instance, "office-instance", set({ userData: "#!/bin/sh" })],
  [7, instance, "office-instance", set({ disableApiTermination: false })],
  [9, instance, "office-instance", set({ networkInterfaces: [{ deviceIndex: 1 }] })],
  [9, "ec2/networkInterface:NetworkInterface", "office-interface", set({ sourceDestCheck: false })],
  [11, "ec2/eipAssociation:EipAssociation", "office-address-of-interface", set({ allocationId: "eipalloc-other" })],
  [12, "ec2/defaultSecurityGroup:DefaultSecurityGroup", "office-default-group", set({ ingress: [{ protocol: "-1" }] })],
  [12, "ec2/defaultSecurityGroup:DefaultSecurityGroup", "office-default-group", set({ egress: undefined })],
  [13, inRule, udpFromCarriers, set(worldwide)],
  [13, inRule, udpFromCarriers, set({ ...worldwide, ipProtocol: "tcp", fromPort: 22, toPort: 22 })],
  [13, inRule, udpFromCarriers, set({ ...worldwide, fromPort: 10_000, toPort: 60_000 })],
  [14, outRule, "office-signalling-out-tcp-443-to-anywhere", set({ ipProtocol: "-1", fromPort: undefined })],
  [14, outRule, "office-signalling-out-tcp-443-to-anywhere", set({ fromPort: 1 })],
  [15, inRule, udpFromCarriers, set({ description: undefined })],
  [15, "ec2/securityGroup:SecurityGroup", "office-media", set({ description: "" })],
  [16, "ec2/securityGroup:SecurityGroup", "office-media", set({ egress: [] })],
  [16, "ec2/networkInterface:NetworkInterface", "office-interface", set({ securityGroups: ["office-phones-id"] })],
  [17, "ec2/networkAclRule:NetworkAclRule", "office-network-acl-in-no-ssh", set({ ruleAction: "allow" })],
  [17, "ec2/networkAclRule:NetworkAclRule", "office-network-acl-in-icmp", set({ protocol: "-1" })],
  [17, "ec2/networkAclRule:NetworkAclRule", "office-network-acl-in-answers-tcp", set({ fromPort: 1024 })],
  [18, "ec2/subnet:Subnet", "office-subnet", set({ mapPublicIpOnLaunch: true })],
  [19, "ec2/flowLog:FlowLog", "office-flow-log", set({ trafficType: "REJECT" })],
  [22, "kms/key:Key", "office-logs-key", set({ enableKeyRotation: false })],
  [22, "kms/key:Key", "office-data-key", set({ deletionWindowInDays: 7 })],
  [22, "kms/key:Key", "office-data-key", policyFor({ AWS: "*" })],
  [22, "kms/key:Key", "office-data-key", policyFor({ Service: "logs.eu-central-1.amazonaws.com" })],
  [30, "backup/selection:Selection", "office-backup-selection", set({ resources: [] })],
  [30, "backup/vault:Vault", "office-backups", set({ kmsKeyArn: undefined })],
];

test.each(weakenings)("row %i objects to a weaker %s %s", (row, type, name, change) => {
  const found = made.find((resource) => resource.type === `aws:${type}` && resource.name === name);
  if (found === undefined) throw new Error(`${name} is not made`);
  const weaker = made.map((resource) =>
    resource === found ? { ...resource, inputs: change(resource.inputs) } : resource,
  );
  expect(judge(controlOf(row), weaker)).toBe("fail");
});

test("every row that can pass is weakened at least once", () => {
  const weakened = new Set(weakenings.map(([row]) => row));
  expect(controls.map(({ row }) => row).filter((row) => !weakened.has(row))).toEqual([20]);
});

test.each([12, 17, 18, 19])(
  "row %i says nothing of a network that is the caller's",
  async (row) => {
    const given = await madeBy(() => new AwsAsteriskHost("given", awsArgs({ vpcId: "vpc-1", subnetId: "subnet-1" })));
    expect(judge(controlOf(row), given)).toBe("not-applicable");
  },
  30_000,
);

test("row 21 takes the questions of AWS Backup, in one region, and no more on every resource", () => {
  const rights = deliveryControls.filter(({ row }) => row === 21);
  const judged = (change: (policy: string) => string) =>
    rights.map((control) => {
      const changed = made.map((one) => {
        if (one.name !== "office-backup-policy") return one;
        return { ...one, inputs: { ...one.inputs, policy: change(String(one.inputs["policy"])) } };
      });
      return judge(control, changed);
    });
  expect(judged((policy) => policy)).toEqual(["exception"]);
  expect(judged((policy) => policy.replace("aws:RequestedRegion", "aws:PrincipalTag/x"))).toEqual(["fail"]);
  expect(judged((policy) => policy.replace("ec2:DescribeVolumes", "ec2:DeleteVolume"))).toEqual(["fail"]);
  expect(judged((policy) => policy.replace("ec2:DescribeVolumes", "ec2:*"))).toEqual(["fail"]);
});

test("an address that is attached to nothing is a fault", () => {
  const loose: Made = { type: "aws:ec2/eip:Eip", name: "loose", inputs: { domain: "vpc" }, outputs: { id: "eip-2" } };
  expect(judge(controlOf(11), [...made, loose])).toBe("fail");
});
