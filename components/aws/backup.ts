import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { KmsKeys } from "./kms-keys";
import type { AwsPart } from "./part";
import { allow, type PolicyStatement } from "./policy-statement";
import { restoreRole } from "./restore-role";
import { serviceRole } from "./service-role";
import { ebsKeyActions, grantToVolumes } from "./volume-key-statements";

/** Days that a daily copy of the data volume is kept. */
const backupDays = 35;

/** Copies of the data volume, and how to get one back. */
export interface Backups {
  readonly vaultName: pulumi.Output<string>;
  /** ARN of the role for jobs of AWS Backup that restore. */
  readonly restoreRoleArn: pulumi.Output<string>;
}

/** A copy of the data volume every night, in a vault of its own, by a role that can do nothing else. */
export function backup(part: AwsPart, volume: aws.ebs.Volume, keys: KmsKeys): Backups {
  const { name, parent, tags, deletionProtection } = part;
  const role = serviceRole(part, {
    suffix: "backup",
    service: "backup.amazonaws.com",
    purpose: "copies the data volume",
    statements: backupStatements(part, volume, keys),
  });
  // Goes before the role on `destroy`: AWS Backup deletes a copy by the role that made it.
  const vault = new aws.backup.Vault(
    `${name}-backups`,
    { name: part.named("backupVault"), kmsKeyArn: keys.data.arn, forceDestroy: !deletionProtection, tags },
    { parent, protect: deletionProtection, dependsOn: [role.permitted] },
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
  new aws.backup.Selection(
    `${name}-backup-selection`,
    { name: part.named("backupSelection"), planId: plan.id, iamRoleArn: role.arn, resources: [volume.arn] },
    { parent },
  );
  return { vaultName: vault.name, restoreRoleArn: restoreRole(part, keys).arn };
}

/**
 * What AWS Backup needs of a role to copy one EBS volume. Compared in November 2026 with AWS's own AWSBackupServiceRolePolicyForBackup,
 * v30 of 23 February 2026, which admits every resource there is. Of that, left out for EBS: `ec2:CopySnapshot` and
 * `backup:CopyFromBackupVault`, for copies to another vault; `ec2:ModifySnapshotAttribute`, for sharing; `ec2:ModifySnapshotTier`, for
 * cold storage; and what freezes Windows, reads instances or scans for malware.
 */
function backupStatements(
  { partition, region, accountId, named }: AwsPart,
  volume: aws.ebs.Volume,
  keys: KmsKeys,
): PolicyStatement[] {
  const snapshots = pulumi.interpolate`arn:${partition}:ec2:${region}::snapshot/*`;
  const vault = pulumi.interpolate`arn:${partition}:backup:${region}:${accountId}:backup-vault:${named("backupVault")}`;
  const recoveryPoints = pulumi.interpolate`arn:${partition}:backup:${region}:${accountId}:recovery-point:*`;
  return [
    allow("Copy", ["ec2:CreateSnapshot"], [volume.arn, snapshots]),
    // Without a condition, as AWS has it: AWS Backup tags in requests of their own too, which are no part of CreateSnapshot.
    allow("Name", ["ec2:CreateTags"], snapshots),
    {
      ...allow("Expire", ["ec2:DeleteSnapshot"], snapshots),
      // The tag AWS Backup puts on what it made.
      Condition: { Null: { "aws:ResourceTag/aws:backup:source-resource": "false" } },
    },
    {
      // Questions, which EC2 cannot narrow to one resource.
      ...allow("Look", [...questions], "*"),
      Condition: { StringEquals: { "aws:RequestedRegion": region } },
    },
    allow("Vault", ["backup:DescribeBackupVault", "backup:CopyIntoBackupVault"], vault),
    allow("NameInVault", ["backup:TagResource"], recoveryPoints),
    allow("Key", ["kms:DescribeKey", "kms:Decrypt", ...ebsKeyActions], keys.data.arn),
    grantToVolumes(keys.data.arn, accountId),
  ];
}

/** What AWS Backup asks EC2 and the tagging service about a volume and its snapshots. */
const questions = [
  "ec2:DescribeSnapshots",
  "ec2:DescribeSnapshotTierStatus",
  "ec2:DescribeTags",
  "ec2:DescribeVolumes",
  "tag:GetResources",
] as const;
