import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AwsPart } from "./part";
import { privateBucket } from "./private-bucket";

/** Days that a record of who read or wrote a bucket is kept. */
const keptDays = 400;

/** Makes the bucket to which S3 writes who used the others. S3 writes there only without a key of one's own and without a lock. */
export function accessLogs(part: AwsPart): aws.s3.Bucket {
  return privateBucket(part, "access-logs", {
    expireDays: keptDays,
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
}
