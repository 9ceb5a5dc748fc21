import type { CloudControl, Made } from "./cloud-control";
import { all, every, except, ofType, policyIn, referred, refersTo, type PolicyStatementRead } from "./judging";

const logGroup = "aws:cloudwatch/logGroup:LogGroup";
const metricAlarm = "aws:cloudwatch/metricAlarm:MetricAlarm";
const topic = "aws:sns/topic:Topic";
const bucket = "aws:s3/bucket:Bucket";

const given = (value: unknown) => typeof value === "string" && value !== "";
const some = (value: unknown) => Array.isArray(value) && value.length > 0;

/** Logs, alarms, notifications and where evidence is kept. */
export const evidenceControls: readonly CloudControl[] = [
  {
    row: 23,
    ids: [
      "CloudWatch.16",
      "CKV_AWS_66",
      "CKV_AWS_158",
      "CKV_AWS_338",
      "AWS-0017",
      "CT.CLOUDWATCH.PR.2",
      "CT.CLOUDWATCH.PR.3",
    ],
    threat: "Logs that are gone, or readable by others, when a break-in is looked into.",
    judge: (made) =>
      every(made, logGroup, ({ inputs }) => {
        if (Number(inputs["retentionInDays"] ?? 0) < 365) return "is kept for less than 365 days";
        if (!given(inputs["kmsKeyId"])) return "is not under a key of one's own";
        return inputs["deletionProtectionEnabled"] === true ? undefined : "can be deleted in one step";
      }),
  },
  {
    row: 24,
    ids: ["CloudWatch.15", "CloudWatch.17", "CKV_AWS_319", "CT.CLOUDWATCH.PR.1", "CT.CLOUDWATCH.PR.4"],
    threat: "Nobody is told of a break-in, or that an alarm has gone blind.",
    judge: (made) =>
      every(made, metricAlarm, ({ inputs }) => {
        if (inputs["actionsEnabled"] !== true) return "does not act";
        if (!some(inputs["alarmActions"])) return "tells nobody";
        return some(inputs["insufficientDataActions"]) ? undefined : "tells nobody when it has no data";
      }),
  },
  {
    row: 26,
    ids: [
      "SNS.1",
      "SNS.2",
      "SNS.4",
      "CKV_AWS_26",
      "CKV_AWS_169",
      "CKV_AWS_385",
      "AWS-0095",
      "AWS-0136",
      "AwsSolutions-SNS3",
    ],
    threat: "Alarms that strangers read, forge, or that cannot be published under Amazon's key.",
    judge: (made) => every(made, topic, (one) => topicFault(made, one)),
  },
  {
    row: 27,
    ids: [
      "S3.1",
      "S3.5",
      "S3.8",
      "S3.9",
      "S3.10",
      "S3.12",
      "S3.13",
      "S3.14",
      "S3.15",
      "S3.17",
      "CKV_AWS_18",
      "CKV_AWS_145",
      "AWS-0086",
    ],
    threat: "Evidence and configuration that strangers read, or an intruder changes.",
    judge: (made) => {
      const faults = all(
        every(made, bucket, (one) => bucketFaults(made, one).join(", ") || undefined),
        locked(made),
      );
      return faults.result === "pass" ? except("E5") : faults;
    },
  },
];

function topicFault(made: readonly Made[], one: Made): string | undefined {
  const key = one.inputs["kmsMasterKeyId"];
  if (!given(key) || String(key).includes("alias/aws/")) return "is not under a key of one's own";
  const policy = ofType(made, "aws:sns/topicPolicy:TopicPolicy").find(({ inputs }) => refersTo(inputs["arn"], one));
  if (policy === undefined) return "has no policy of its own";
  const { Statement } = policyIn(policy.inputs["policy"]);
  if (!Statement.some(deniesPlainText)) return "can be reached without TLS";
  return Statement.some(allowsEverybody) ? "lets anybody publish" : undefined;
}

function deniesPlainText({ Effect, Condition }: PolicyStatementRead): boolean {
  return Effect === "Deny" && Condition?.["Bool"]?.["aws:SecureTransport"] === "false";
}

function allowsEverybody({ Effect, Principal, Condition }: PolicyStatementRead): boolean {
  return Effect === "Allow" && JSON.stringify(Principal ?? "*").includes('"*"') && Condition === undefined;
}

/** The bucket that S3 writes access logs to can be neither under a key of one's own nor log itself. */
const takesAccessLogs = (made: readonly Made[], one: Made) =>
  ofType(made, "aws:s3/bucketPolicy:BucketPolicy").some(
    ({ inputs }) => refersTo(inputs["bucket"], one) && String(inputs["policy"]).includes("logging.s3.amazonaws.com"),
  );

function bucketFaults(made: readonly Made[], one: Made): string[] {
  const part = (kind: string) =>
    ofType(made, `aws:s3/${kind.charAt(0).toLowerCase()}${kind.slice(1)}:${kind}`).find(({ inputs }) =>
      refersTo(inputs["bucket"], one),
    )?.inputs;
  const block = part("BucketPublicAccessBlock") ?? {};
  const rule = first(part("BucketServerSideEncryptionConfiguration")?.["rules"]);
  const byDefault = (rule["applyServerSideEncryptionByDefault"] ?? {}) as Record<string, unknown>;
  const policy = part("BucketPolicy")?.["policy"];
  const life = first(part("BucketLifecycleConfiguration")?.["rules"]);
  const judged: [boolean, string][] = [
    [publicWays.every((way) => block[way] === true), "may become public"],
    [JSON.stringify(part("BucketOwnershipControls")).includes("BucketOwnerEnforced"), "has ACLs"],
    [JSON.stringify(part("BucketVersioning")).includes('"Enabled"'), "keeps no versions"],
    [policy !== undefined && policyIn(policy).Statement.some(deniesPlainText), "can be reached without TLS"],
    [life["abortIncompleteMultipartUpload"] !== undefined, "keeps half uploads"],
    [part("BucketNotification") !== undefined, "tells nobody of changes"],
    [takesAccessLogs(made, one) || part("BucketLogging") !== undefined, "does not log who uses it"],
    [
      takesAccessLogs(made, one) || (given(byDefault["kmsMasterKeyId"]) && rule["bucketKeyEnabled"] === true),
      "is not under a key of one's own",
    ],
  ];
  return judged.filter(([well]) => !well).map(([, fault]) => fault);
}

const publicWays = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

function first(list: unknown): Record<string, unknown> {
  return ((list as Record<string, unknown>[] | undefined) ?? [])[0] ?? {};
}

/** What Firehose writes to is locked, unless it is a bucket of the caller's. */
function locked(made: readonly Made[]) {
  return every(made, "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", ({ inputs }) => {
    const target = (inputs["extendedS3Configuration"] ?? {}) as Record<string, unknown>;
    const archive = referred(made, bucket, target["bucketArn"]);
    if (archive === undefined) return undefined;
    const lock = ofType(made, "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration").find((one) =>
      refersTo(one.inputs["bucket"], archive),
    );
    const text = JSON.stringify(lock?.inputs["rule"] ?? "");
    return archive.inputs["objectLockEnabled"] === true && /GOVERNANCE|COMPLIANCE/.test(text)
      ? undefined
      : "writes to a bucket whose objects can be changed";
  });
}
