import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { KmsKeys } from "./kms-keys";
import type { AwsPart } from "./part";
import { allow, type PolicyStatement } from "./policy-statement";
import { serviceRole, type ServiceRole } from "./service-role";
import { ebsKeyActions, grantToVolumes } from "./volume-key-statements";

/**
 * Lets AWS Backup make a volume from a copy of the data volume, beside the one that is in use. Compared in November 2026 with AWS's own
 * AWSBackupServiceRolePolicyForRestores, v35 of 12 February 2026. Of that, left out for EBS: `ec2:DeleteVolume`, which cleans up
 * after restore tests and would reach the data volume; `ebs:*` and the snapshot tier, for copies in cold storage; restore jobs within
 * restore jobs, for nested backups.
 */
export function restoreRole(part: AwsPart, keys: KmsKeys): ServiceRole {
  return serviceRole(part, {
    suffix: "restore",
    service: "backup.amazonaws.com",
    purpose: "makes a volume from a copy of the data volume",
    statements: statements(part, keys.data),
  });
}

function statements({ partition, region, accountId }: AwsPart, key: Pick<aws.kms.Key, "arn">): PolicyStatement[] {
  const snapshots = pulumi.interpolate`arn:${partition}:ec2:${region}::snapshot/*`;
  const volumes = pulumi.interpolate`arn:${partition}:ec2:${region}:${accountId}:volume/*`;
  return [
    {
      ...allow("FromCopy", ["ec2:CreateVolume"], snapshots),
      // The tag AWS Backup puts on what it made.
      Condition: { Null: { "aws:ResourceTag/aws:backup:source-resource": "false" } },
    },
    allow("Volume", ["ec2:CreateVolume"], volumes),
    {
      ...allow("Name", ["ec2:CreateTags"], volumes),
      Condition: { StringEquals: { "ec2:CreateAction": "CreateVolume" } },
    },
    {
      // Questions, which EC2 cannot narrow to one resource.
      ...allow("Look", ["ec2:DescribeAvailabilityZones", "ec2:DescribeSnapshots", "ec2:DescribeVolumes"], "*"),
      Condition: { StringEquals: { "aws:RequestedRegion": region } },
    },
    allow("KnowKey", ["kms:DescribeKey"], key.arn),
    {
      ...allow("Key", [...ebsKeyActions, "kms:Decrypt"], key.arn),
      Condition: { StringEquals: { "kms:ViaService": pulumi.interpolate`ec2.${region}.amazonaws.com` } },
    },
    grantToVolumes(key.arn, accountId),
  ];
}
