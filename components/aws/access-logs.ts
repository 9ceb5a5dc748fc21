import * as pulumi from "@pulumi/pulumi";
import type { AwsPart } from "./part";
import { privateBucket } from "./private-bucket";

/** Fewest days that a record of who read or wrote a bucket is kept. */
const fewestDays = 400;

/**
 * Makes the bucket to which S3 writes who used the others, kept a day longer than what is in them, and gives its name once S3 may write
 * there. S3 writes there only without a key of one's own and without a lock.
 */
export function accessLogs(part: AwsPart, logRetentionDays = 365): pulumi.Output<string> {
  const { nameWithPolicy } = privateBucket(part, "access-logs", {
    expireDays: Math.max(fewestDays, logRetentionDays + 2),
    keepReplacedDays: 30,
    forceDestroy: !part.deletionProtection,
    statements: (arn) => [
      {
        Sid: "AccessLogs",
        Effect: "Allow",
        Principal: { Service: "logging.s3.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: pulumi.interpolate`${arn}/*`,
        Condition: { StringEquals: { "aws:SourceAccount": part.accountId } },
      },
    ],
  });
  return nameWithPolicy;
}
