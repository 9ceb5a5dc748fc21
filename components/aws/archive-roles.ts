import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AwsPart } from "./part";
import { serviceRole, type ServiceRole } from "./service-role";

/** What the archive's writer may touch. */
export interface ArchiveWriterArgs {
  readonly bucketArn: pulumi.Output<string>;
  readonly keyArn: pulumi.Input<string>;
  /** Log group of what could not be delivered. */
  readonly errors: aws.cloudwatch.LogGroup;
}

/** Lets Firehose write the archive, and nothing else: it cannot read, remove or unlock what is there. */
export function archiveWriter(part: AwsPart, { bucketArn, keyArn, errors }: ArchiveWriterArgs): ServiceRole {
  return serviceRole(part, {
    suffix: "archive-writer",
    purpose: "writes the archive of logs",
    service: "firehose.amazonaws.com",
    condition: { StringEquals: { "sts:ExternalId": part.accountId } },
    statements: [
      {
        Sid: "Write",
        Effect: "Allow",
        Action: ["s3:PutObject", "s3:AbortMultipartUpload"],
        Resource: pulumi.interpolate`${bucketArn}/*`,
      },
      {
        Sid: "Bucket",
        Effect: "Allow",
        Action: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
        Resource: bucketArn,
      },
      {
        Sid: "Key",
        Effect: "Allow",
        Action: ["kms:GenerateDataKey", "kms:Decrypt"],
        Resource: keyArn,
        Condition: { StringEquals: { "kms:ViaService": [via("s3", part), via("firehose", part)] } },
      },
      {
        Sid: "OwnErrors",
        Effect: "Allow",
        Action: ["logs:PutLogEvents"],
        Resource: pulumi.interpolate`${errors.arn}:*`,
      },
    ],
  });
}

/** Lets CloudWatch Logs of this account and region hand log groups to the archive's stream. */
export function archiveReader(part: AwsPart, streamArn: pulumi.Output<string>): ServiceRole {
  const { partition, region, accountId } = part;
  return serviceRole(part, {
    suffix: "archive-reader",
    purpose: "hands log groups to the archive",
    service: pulumi.interpolate`logs.${region}.amazonaws.com`,
    condition: { StringLike: { "aws:SourceArn": pulumi.interpolate`arn:${partition}:logs:${region}:${accountId}:*` } },
    statements: [
      {
        Sid: "HandOver",
        Effect: "Allow",
        Action: ["firehose:PutRecord", "firehose:PutRecordBatch"],
        Resource: streamArn,
      },
    ],
  });
}

const via = (service: string, { region }: AwsPart) => pulumi.interpolate`${service}.${region}.amazonaws.com`;
