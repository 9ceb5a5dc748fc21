import { AwsAsteriskHost } from "../../../components/aws/asterisk-host";
import { physicalName } from "../../../components/aws/physical-names";
import type { Made } from "../../../controls/cloud/cloud-control";
import { decision } from "./iam-decision";
import { inputsOf, policyOf } from "./made";
import { madeBy } from "./made-by-program";
import { awsArgs } from "./spec";

const arn = (service: string, rest: string, account = "123456789012") =>
  `arn:aws:${service}:eu-central-1:${account}:${rest}`;
const snapshot = arn("ec2", "snapshot/snap-1", "");
const volume = arn("ec2", "volume/vol-1");
const owner = { project: "project", stack: "stack", component: "pbx" };
const vault = arn("backup", `backup-vault:${physicalName(owner, "backupVault")}`);
const key = arn("kms", "key/01234567-89ab-cdef-0123-456789abcdef");
const arns: Readonly<Record<string, string>> = { "pbx-data": volume, "pbx-data-key": key };

const ofBackup = { "aws:ResourceTag/aws:backup:source-resource": volume };
const viaEc2 = { "kms:ViaService": "ec2.eu-central-1.amazonaws.com", "kms:GrantIsForAWSResource": "true" };
const here = { "aws:RequestedRegion": "eu-central-1", "aws:PrincipalAccount": "123456789012" };

let made: readonly Made[];
beforeAll(async () => {
  // A program says what it warns of.
  jest.spyOn(console, "warn").mockImplementation(() => undefined);
  made = await madeBy(() => new AwsAsteriskHost("pbx", awsArgs()), {
    arnOf: (name) => arns[name] ?? arn("x", name),
  });
}, 60_000);

/** What IAM says to AWS Backup in one of its roles. */
async function allowed(role: string, action: string, resource: string, context: Record<string, string> = {}) {
  const policy = policyOf(inputsOf(made, `pbx-${role}-policy`)) as unknown as { Version: string; Statement: object[] };
  const asking = { principal: `role/pbx-${role}`, key: action.startsWith("kms:") };
  return (await decision([policy], action, resource, { ...here, ...context }, asking)) === "Allowed";
}

/** A request; jest would fill a context that is missing with a callback. */
type Asked = readonly [role: string, action: string, resource: string, context?: Record<string, string>];
const whole = (asked: readonly Asked[]) =>
  asked.map(([role, action, resource, context = {}]) => [role, action, resource, context] as const);

/** What AWS's own policies allow for an EBS volume: AWSBackupServiceRolePolicyForBackup v30 and …ForRestores v35, read November 2026. */
const awsAllows: readonly Asked[] = [
  ["backup", "ec2:CreateSnapshot", volume],
  ["backup", "ec2:CreateSnapshot", snapshot],
  ["backup", "ec2:CreateTags", snapshot],
  ["backup", "ec2:DeleteSnapshot", snapshot, ofBackup],
  ["backup", "ec2:DescribeVolumes", "*"],
  ["backup", "ec2:DescribeSnapshots", "*"],
  ["backup", "ec2:DescribeSnapshotTierStatus", "*"],
  ["backup", "ec2:DescribeTags", "*"],
  ["backup", "tag:GetResources", "*"],
  ["backup", "backup:DescribeBackupVault", vault],
  ["backup", "backup:CopyIntoBackupVault", vault],
  ["backup", "backup:TagResource", arn("backup", "recovery-point:1")],
  ["backup", "kms:DescribeKey", key],
  ["backup", "kms:GenerateDataKeyWithoutPlaintext", key, viaEc2],
  ["backup", "kms:ReEncryptTo", key, viaEc2],
  ["backup", "kms:ReEncryptFrom", key, viaEc2],
  ["backup", "kms:CreateGrant", key, viaEc2],
  ["restore", "ec2:CreateVolume", snapshot, ofBackup],
  ["restore", "ec2:CreateVolume", volume],
  ["restore", "ec2:CreateTags", volume, { "ec2:CreateAction": "CreateVolume" }],
  ["restore", "ec2:DescribeSnapshots", "*"],
  ["restore", "ec2:DescribeVolumes", "*"],
  ["restore", "ec2:DescribeAvailabilityZones", "*"],
  ["restore", "kms:DescribeKey", key],
  ["restore", "kms:Decrypt", key, viaEc2],
  ["restore", "kms:ReEncryptTo", key, viaEc2],
  ["restore", "kms:ReEncryptFrom", key, viaEc2],
  ["restore", "kms:GenerateDataKeyWithoutPlaintext", key, viaEc2],
  ["restore", "kms:CreateGrant", key, viaEc2],
];

test.each(whole(awsAllows))(
  "role %s may %s on %s, as AWS's own policy lets it",
  async (role, action, resource, context) => {
    expect(await allowed(role, action, resource, context)).toBe(true);
  },
);

const ours: readonly Asked[] = [
  ["restore", "ec2:DeleteVolume", volume],
  ["restore", "ec2:DeleteSnapshot", snapshot, ofBackup],
  ["restore", "ec2:CreateVolume", snapshot],
  ["restore", "ec2:RunInstances", arn("ec2", "instance/i-1")],
  ["restore", "kms:Decrypt", key],
  ["backup", "ec2:CreateSnapshot", arn("ec2", "volume/vol-of-another")],
  ["backup", "ec2:DeleteSnapshot", snapshot],
  ["backup", "ec2:ModifySnapshotAttribute", snapshot, ofBackup],
  ["backup", "backup:CopyFromBackupVault", vault],
];

test.each(whole(ours))("role %s may not %s on %s", async (role, action, resource, context) => {
  expect(await allowed(role, action, resource, context)).toBe(false);
});
