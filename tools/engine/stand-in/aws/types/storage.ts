import type { ResourceType, ResourceTypes } from "./resource-type";

/** A part of a bucket's configuration, which Terraform has as a resource of its own. */
const ofBucket = (
  part: string,
  renamed: Readonly<Record<string, string>> = {},
  ...more: readonly string[]
): ResourceType => ({
  terraform: `aws_s3_bucket_${part}`,
  checked: `s3/bucket_${part}.go`,
  id: "=bucket",
  replaces: ["bucket", ...more],
  renamed,
});

/** Buckets and the queues into them. */
export const storage: ResourceTypes = {
  "aws:s3/bucket:Bucket": {
    terraform: "aws_s3_bucket",
    checked: "s3/bucket.go",
    id: "=bucket",
    replaces: ["bucket", "bucketPrefix", "objectLockEnabled"],
  },
  "aws:s3/bucketPolicy:BucketPolicy": ofBucket("policy"),
  "aws:s3/bucketVersioning:BucketVersioning": ofBucket("versioning", {}, "expectedBucketOwner"),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ofBucket(
    "server_side_encryption_configuration",
    { rules: "rule" },
    "expectedBucketOwner",
  ),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ofBucket("public_access_block"),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ofBucket("ownership_controls"),
  "aws:s3/bucketLogging:BucketLogging": ofBucket("logging", { targetGrants: "target_grant" }, "expectedBucketOwner"),
  "aws:s3/bucketNotification:BucketNotification": ofBucket("notification", {
    topics: "topic",
    queues: "queue",
    lambdaFunctions: "lambda_function",
    eventbridge: "eventbridge",
  }),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ofBucket(
    "lifecycle_configuration",
    {
      rules: "rule",
      transitions: "transition",
      noncurrentVersionTransitions: "noncurrent_version_transition",
    },
    "expectedBucketOwner",
  ),
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": ofBucket(
    "object_lock_configuration",
    {},
    "expectedBucketOwner",
    "objectLockEnabled",
  ),
  "aws:s3/bucketObjectv2:BucketObjectv2": {
    terraform: "aws_s3_object",
    checked: "s3/object.go",
    id: "=key",
    replaces: ["bucket", "key"],
  },
  "aws:s3/objectCopy:ObjectCopy": {
    terraform: "aws_s3_object_copy",
    checked: "s3/object_copy.go",
    id: "=key",
    replaces: ["bucket", "key", "source"],
  },
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": {
    terraform: "aws_kinesis_firehose_delivery_stream",
    checked: "firehose/delivery_stream.go",
    id: "=arn",
    replaces: [
      "name",
      "destination",
      "kinesisSourceConfiguration",
      "mskSourceConfiguration",
      "extendedS3Configuration.dynamicPartitioningConfiguration",
    ],
    renamed: { processors: "processors" },
  },
};
