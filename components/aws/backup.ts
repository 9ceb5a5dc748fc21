import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { KmsKeys } from "./kms-keys";
import type { AwsPart } from "./part";
import type { PolicyStatement } from "./policy-statement";
import { serviceRole } from "./service-role";

/** Days that a daily copy of the data volume is kept. */
const backupDays = 35;

/** A copy of the data volume every night, in a vault of its own, by a role that can do nothing else. */
export function backup(part: AwsPart, volume: aws.ebs.Volume, keys: KmsKeys): aws.backup.Vault {
  const { name, parent, tags, deletionProtection } = part;
  const vault = new aws.backup.Vault(
    `${name}-backups`,
    { name: part.named("backupVault"), kmsKeyArn: keys.data.arn, forceDestroy: !deletionProtection, tags },
    { parent, protect: deletionProtection },
  );
  const plan = new aws.backup.Plan(
    `${name}-backup-plan`,
    {
      name: part.named("backupPlan"),
      rules: [
        {
          ruleName: "nightly",
          targetVaultName: vault.name,
          schedule: "cron(0 3 * * ? *)",
          // Minutes.
          startWindow: 60,
          completionWindow: 180,
          lifecycle: { deleteAfter: backupDays },
          recoveryPointTags: tags,
        },
      ],
      tags,
    },
    { parent },
  );
  const role = serviceRole(part, {
    suffix: "backup",
    service: "backup.amazonaws.com",
    purpose: "copies the data volume",
    statements: backupStatements(part, volume, vault, keys),
  });
  new aws.backup.Selection(
    `${name}-backup-selection`,
    { name: part.named("backupSelection"), planId: plan.id, iamRoleArn: role.arn, resources: [volume.arn] },
    { parent },
  );
  return vault;
}

/** What AWS Backup needs of a role to copy one EBS volume; AWS's own policy for it admits every resource there is. */
function backupStatements(
  { partition, region, accountId }: AwsPart,
  volume: aws.ebs.Volume,
  vault: aws.backup.Vault,
  keys: KmsKeys,
): PolicyStatement[] {
  const snapshots = pulumi.interpolate`arn:${partition}:ec2:${region}::snapshot/*`;
  const allow = (Sid: string, Action: readonly string[], Resource: PolicyStatement["Resource"]) =>
    ({ Sid, Effect: "Allow", Action, Resource }) as const;
  return [
    allow("Copy", ["ec2:CreateSnapshot"], [volume.arn, snapshots]),
    {
      ...allow("Name", ["ec2:CreateTags"], snapshots),
      Condition: { StringEquals: { "ec2:CreateAction": "CreateSnapshot" } },
    },
    {
      ...allow("Expire", ["ec2:DeleteSnapshot"], snapshots),
      // The tag AWS Backup puts on what it made.
      Condition: { Null: { "aws:ResourceTag/aws:backup:source-resource": "false" } },
    },
    {
      // Questions, which EC2 cannot narrow to one resource.
      ...allow("Look", ["ec2:DescribeVolumes", "ec2:DescribeSnapshots", "ec2:DescribeTags", "tag:GetResources"], "*"),
      Condition: { StringEquals: { "aws:RequestedRegion": region } },
    },
    allow("Vault", ["backup:DescribeBackupVault", "backup:CopyIntoBackupVault"], vault.arn),
    allow("Key", ["kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:Decrypt"], keys.data.arn),
    {
      ...allow("Grant", ["kms:CreateGrant"], keys.data.arn),
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" }, StringEquals: { "aws:PrincipalAccount": accountId } },
    },
  ];
}
