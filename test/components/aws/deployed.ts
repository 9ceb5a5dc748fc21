import type { DeployedKind } from "../../../components/aws/deploy-actions/grant";
import type { Made } from "../../../controls/cloud/cloud-control";

/** Calls whose action of IAM has another name, by AWS's Service Authorization Reference. */
const otherwiseNamed: Readonly<Record<string, string>> = {
  "budgets.CreateBudget": "budgets:ModifyBudget",
  "budgets.CreateNotification": "budgets:ModifyBudget",
  "s3.PutBucketEncryption": "s3:PutEncryptionConfiguration",
  "s3.PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
  "s3.PutBucketNotificationConfiguration": "s3:PutBucketNotification",
  "s3.PutObjectLockConfiguration": "s3:PutBucketObjectLockConfiguration",
  "s3.PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
};

/** Action of IAM that allows a call, for example `ec2:CreateVpc` for `ec2.CreateVpc`. */
export const actionOf = (call: string): string => otherwiseNamed[call] ?? call.replace(".", ":");

const random = "20261130000000000000000001";
const text = (value: unknown) => (typeof value === "string" ? value : "");

/** How the ARN of a type is made of its name, after the second colon. */
const arns: Readonly<Record<string, readonly [kind: DeployedKind, arn: string]>> = {
  "aws:backup/vault:Vault": ["backupVault", "backup:eu-central-1:123456789012:backup-vault:NAME"],
  "aws:budgets/budget:Budget": ["budget", "budgets::123456789012:budget/NAME"],
  "aws:cloudwatch/dashboard:Dashboard": ["dashboard", "cloudwatch::123456789012:dashboard/NAME"],
  "aws:cloudwatch/eventRule:EventRule": ["eventRule", "events:eu-central-1:123456789012:rule/NAME"],
  "aws:cloudwatch/logGroup:LogGroup": ["logGroup", "logs:eu-central-1:123456789012:log-group:NAME"],
  "aws:cloudwatch/metricAlarm:MetricAlarm": ["alarm", "cloudwatch:eu-central-1:123456789012:alarm:NAME"],
  "aws:iam/instanceProfile:InstanceProfile": ["instanceProfile", "iam::123456789012:instance-profile/NAME"],
  "aws:iam/policy:Policy": ["policy", "iam::123456789012:policy/NAME"],
  "aws:iam/role:Role": ["role", "iam::123456789012:role/NAME"],
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": [
    "deliveryStream",
    "firehose:eu-central-1:123456789012:deliverystream/NAME",
  ],
  "aws:s3/bucket:Bucket": ["bucket", "s3:::NAME"],
  "aws:secretsmanager/secret:Secret": ["secret", "secretsmanager:eu-central-1:123456789012:secret:NAME-a1b2c3"],
  "aws:sns/topic:Topic": ["topic", "sns:eu-central-1:123456789012:NAME"],
  "aws:ssm/document:Document": ["document", "ssm:eu-central-1:123456789012:document/NAME"],
};

/** Kind and ARN of a resource that has a name of ours; undefined for what AWS names. */
export function madeArn({ type, inputs }: Made): { readonly kind: DeployedKind; readonly arn: string } | undefined {
  const known = arns[type];
  if (known === undefined) return undefined;
  const prefix = text(inputs["namePrefix"]) + text(inputs["bucketPrefix"]);
  const name = prefix === "" ? text(inputs["name"]) + text(inputs["dashboardName"]) : prefix + random;
  return { kind: known[0], arn: `arn:aws:${known[1].replace("NAME", name)}` };
}
