import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AwsPart } from "./part";

/** A role of a service, and what must exist before the service uses it. */
export interface ServiceRole {
  readonly arn: pulumi.Output<string>;
  readonly permitted: pulumi.Resource;
}

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
    description: "writes the archive of logs",
    service: "firehose.amazonaws.com",
    source: { StringEquals: { "sts:ExternalId": part.accountId } },
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
    description: "hands log groups to the archive",
    service: pulumi.interpolate`logs.${region}.amazonaws.com`,
    source: { StringLike: { "aws:SourceArn": pulumi.interpolate`arn:${partition}:logs:${region}:${accountId}:*` } },
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

interface RoleArgs {
  readonly suffix: string;
  readonly description: string;
  readonly service: pulumi.Input<string>;
  /** Condition under which the service may take the role: for this account's resources alone. */
  readonly source: Readonly<Record<string, unknown>>;
  readonly statements: readonly unknown[];
}

function serviceRole(part: AwsPart, args: RoleArgs): ServiceRole {
  const { name, parent, tags } = part;
  const description = `${name}: ${args.description}`;
  const trust = {
    Effect: "Allow",
    Principal: { Service: args.service },
    Action: "sts:AssumeRole",
    Condition: args.source,
  };
  const role = new aws.iam.Role(
    `${name}-${args.suffix}`,
    {
      description,
      assumeRolePolicy: pulumi.jsonStringify({ Version: "2012-10-17", Statement: [trust] }),
      ...(part.permissionsBoundary === undefined ? {} : { permissionsBoundary: part.permissionsBoundary }),
      tags,
    },
    { parent },
  );
  const policy = new aws.iam.Policy(
    `${name}-${args.suffix}-policy`,
    { description, policy: pulumi.jsonStringify({ Version: "2012-10-17", Statement: args.statements }), tags },
    { parent },
  );
  const permitted = new aws.iam.RolePolicyAttachment(
    `${name}-${args.suffix}-permitted`,
    { role: role.name, policyArn: policy.arn },
    { parent },
  );
  return { arn: role.arn, permitted };
}
