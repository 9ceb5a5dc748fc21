import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { alarmSenders, eventSender, topicArn } from "./notifications";
import type { AwsPart } from "./part";
import { policyDocument, type ResourceStatement } from "./policy-statement";

/** What a key is known by; `aws.kms.Key` is one. */
export interface KmsKey {
  readonly arn: pulumi.Output<string>;
}

/** Customer-managed keys, by what they encrypt. The caller's one key stands for both, and for {@link secretsKey}. */
export interface KmsKeys {
  /** Volumes, their backups and the bucket of bundles. */
  readonly data: KmsKey;
  /** Log groups, notifications and the archive of logs. */
  readonly logs: KmsKey;
}

/** What the owner decides about keys. */
export interface KmsKeysArgs {
  /** The caller's key. Default: keys are made. */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** Whether the archive outlives the stack: the key it is read with then does too. Default: false. */
  readonly irrevocableArchive?: boolean;
}

/** Days in which a deleted key can still be had back: the most there is. */
const deletionWindowInDays = 30;

/** Two keys with yearly rotation, or the caller's. */
export function kmsKeys(part: AwsPart, { kmsKeyArn, irrevocableArchive = false }: KmsKeysArgs = {}): KmsKeys {
  if (kmsKeyArn !== undefined) {
    const given = { arn: pulumi.output(kmsKeyArn) };
    return { data: given, logs: given };
  }
  const account = [accountStatement(part)];
  return {
    data: key(part, "data", "Volumes, backups and bundles", account),
    logs: key(
      part,
      "logs",
      "Log groups, notifications and the archive of logs",
      [...account, ...logStatements(part)],
      irrevocableArchive && !part.deletionProtection,
    ),
  };
}

/** The key of Secrets Manager, with yearly rotation, or the caller's. */
export function secretsKey(part: AwsPart, kmsKeyArn?: pulumi.Input<string>): KmsKey {
  if (kmsKeyArn !== undefined) return { arn: pulumi.output(kmsKeyArn) };
  return key(part, "secrets", "Secrets of the PBX", [accountStatement(part)]);
}

interface KeyStatement extends ResourceStatement {
  /** In a key's policy this is the key itself. */
  readonly Resource: "*";
}

function key(
  part: AwsPart,
  use: string,
  description: string,
  statements: readonly KeyStatement[],
  retainOnDelete = false,
): aws.kms.Key {
  const { name, parent, tags, deletionProtection } = part;
  return new aws.kms.Key(
    `${name}-${use}-key`,
    {
      description: `${name}: ${description}`,
      enableKeyRotation: true,
      deletionWindowInDays,
      policy: policyDocument(statements),
      tags,
    },
    { parent, protect: deletionProtection, retainOnDelete },
  );
}

/** Who may use the key is said by the account's IAM policies; without this nobody could ever change the key again. */
function accountStatement({ partition, accountId }: AwsPart): KeyStatement {
  return {
    Sid: "AccountPolicies",
    Effect: "Allow",
    Principal: { AWS: pulumi.interpolate`arn:${partition}:iam::${accountId}:root` },
    Action: ["kms:*"],
    Resource: "*",
  };
}

/** Services that write in their own name, each for this account's resources alone. */
function logStatements(part: AwsPart): KeyStatement[] {
  const { partition, region, accountId } = part;
  const anyLogGroup = pulumi.interpolate`arn:${partition}:logs:${region}:${accountId}:*`;
  return [
    {
      Sid: "LogGroups",
      Effect: "Allow",
      Principal: { Service: pulumi.interpolate`logs.${region}.amazonaws.com` },
      Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
      Resource: "*",
      Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": anyLogGroup } },
    },
    publishing("Alarms", alarmSenders, { "aws:SourceAccount": accountId }),
    // EventBridge tells KMS neither account nor rule: "Adding the aws:SourceAccount, aws:SourceArn, and aws:SourceOrgID to a AWS KMS
    // policy is not supported for EventBridge-to-encrypted topics" (SNS Developer Guide, Key management). The topic it does tell.
    publishing("Events", eventSender, { "kms:EncryptionContext:aws:sns:topicArn": topicArn(part) }),
  ];
}

/** What a service needs of the key to publish to an encrypted topic. */
function publishing(
  Sid: string,
  Service: string | readonly string[],
  StringEquals: Readonly<Record<string, pulumi.Input<string>>>,
): KeyStatement {
  return {
    Sid,
    Effect: "Allow",
    Principal: { Service },
    Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
    Resource: "*",
    Condition: { StringEquals },
  };
}
