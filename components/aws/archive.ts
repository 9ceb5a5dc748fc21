import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { logStreams } from "../../core/bundle/log-streams";
import { archiveReader, archiveWriter } from "./archive-roles";
import { logGroup, type LogGroups } from "./log-groups";
import type { AwsPart } from "./part";
import { namePath } from "./physical-names";
import { privateBucket } from "./private-bucket";

/** Where logs lie that nobody can change. */
export interface ArchiveArgs {
  readonly keyArn: pulumi.Input<string>;
  readonly groups: LogGroups;
  /** Start of the log groups' names, as `logGroups` was given it. */
  readonly prefix: string;
  /** Name of the bucket to which accesses to the archive are logged. */
  readonly accessLogs: pulumi.Input<string>;
  /** ARN of the caller's own bucket, which is then left as it is: best one of another account. Default: one is made. */
  readonly logArchiveBucketArn?: pulumi.Input<string> | undefined;
  /** Days that logs are kept, locked or not. Default: 365. */
  readonly retentionDays?: number | undefined;
  /** With COMPLIANCE nobody, the account's root user included, can remove a log before its time; that cannot be taken back. */
  readonly lockMode: "GOVERNANCE" | "COMPLIANCE";
}

/** Days that a log cannot be removed from the archive, however long it is kept. */
const lockDays = 365;

/** Copies every log group, as it is written, into a bucket whose objects are locked: who breaks in can neither change nor remove what he left behind. */
export function archive(part: AwsPart, args: ArchiveArgs): void {
  const { name, parent, tags } = part;
  const { logArchiveBucketArn: given } = args;
  // A bucket of the caller's may hold the logs of several stacks.
  const folder = namePath(part.owner).slice(1);
  const bucketArn = given === undefined ? lockedBucket(part, args).arn : pulumi.output(given);
  const errors = failures(part, args);
  const writer = archiveWriter(part, { bucketArn, keyArn: args.keyArn, errors: errors.group });
  const stream = new aws.kinesis.FirehoseDeliveryStream(
    `${name}-archive-stream`,
    {
      name: part.named("deliveryStream"),
      destination: "extended_s3",
      serverSideEncryption: { enabled: true, keyType: "CUSTOMER_MANAGED_CMK", keyArn: args.keyArn },
      extendedS3Configuration: {
        bucketArn,
        roleArn: writer.arn,
        kmsKeyArn: args.keyArn,
        prefix: `${folder}/!{timestamp:yyyy/MM/dd/HH}/`,
        errorOutputPrefix: `${folder}/failed/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/`,
        bufferingInterval: 300,
        bufferingSize: 5,
        // What CloudWatch Logs hands over is gzip already.
        compressionFormat: "UNCOMPRESSED",
        cloudwatchLoggingOptions: {
          enabled: true,
          logGroupName: errors.group.name,
          logStreamName: errors.stream.name,
        },
      },
      tags,
    },
    { parent, dependsOn: writer.permitted },
  );
  subscribeAll(part, args.groups, stream);
}

/** What could not be delivered is not delivered itself: a group of its own, which nobody subscribes to. */
function failures(part: AwsPart, { keyArn, prefix, retentionDays }: ArchiveArgs) {
  const { name, parent } = part;
  const group = logGroup(part, "archive-failures", { name: `${prefix}/archive-failures`, keyArn, retentionDays });
  const stream = new aws.cloudwatch.LogStream(
    `${name}-archive-failures-stream`,
    { logGroupName: group.name, name: "s3" },
    { parent },
  );
  return { group, stream };
}

function lockedBucket(part: AwsPart, args: ArchiveArgs): aws.s3.Bucket {
  const irrevocable = args.lockMode === "COMPLIANCE";
  const { bucket } = privateBucket(part, "archive", {
    keyArn: args.keyArn,
    accessLogs: args.accessLogs,
    lock: { mode: args.lockMode, days: lockDays },
    protect: part.deletionProtection,
    forceDestroy: !part.deletionProtection && !irrevocable,
    retainOnDelete: !part.deletionProtection && irrevocable,
    // A locked version outlives its expiry, so this only hides what may go the day after.
    expireDays: Math.max(lockDays, args.retentionDays ?? 0) + 1,
    keepReplacedDays: 1,
  });
  return bucket;
}

function subscribeAll(part: AwsPart, groups: LogGroups, stream: aws.kinesis.FirehoseDeliveryStream): void {
  const { name, parent } = part;
  const reader = archiveReader(part, stream.arn);
  for (const one of logStreams) {
    new aws.cloudwatch.LogSubscriptionFilter(
      `${name}-archive-${one}`,
      {
        logGroup: groups[one].name,
        destinationArn: stream.arn,
        filterPattern: "",
        roleArn: reader.arn,
      },
      { parent, dependsOn: reader.permitted },
    );
  }
}
