import type { ResourceType, ResourceTypes } from "./resource-type";

/** A part of a bucket's configuration, which Terraform has as a resource of its own. */
const ofBucket = (terraform: string, renamed: Readonly<Record<string, string>> = {}): ResourceType => ({
  terraform,
  id: "=bucket",
  replaces: ["bucket", "expectedBucketOwner"],
  renamed,
});

/** Buckets and the queues into them. */
export const storage: ResourceTypes = {
  "aws:s3/bucket:Bucket": {
    terraform: "aws_s3_bucket",
    id: "=bucket",
    replaces: ["bucket", "bucketPrefix", "objectLockEnabled"],
  },
  "aws:s3/bucketPolicy:BucketPolicy": ofBucket("aws_s3_bucket_policy"),
  "aws:s3/bucketVersioning:BucketVersioning": ofBucket("aws_s3_bucket_versioning"),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ofBucket(
    "aws_s3_bucket_server_side_encryption_configuration",
    { rules: "rule" },
  ),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ofBucket("aws_s3_bucket_public_access_block"),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ofBucket("aws_s3_bucket_ownership_controls"),
  "aws:s3/bucketLogging:BucketLogging": ofBucket("aws_s3_bucket_logging", { targetGrants: "target_grant" }),
  "aws:s3/bucketNotification:BucketNotification": ofBucket("aws_s3_bucket_notification", {
    topics: "topic",
    queues: "queue",
    lambdaFunctions: "lambda_function",
    eventbridge: "eventbridge",
  }),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ofBucket(
    "aws_s3_bucket_lifecycle_configuration",
    {
      rules: "rule",
      transitions: "transition",
      noncurrentVersionTransitions: "noncurrent_version_transition",
    },
  ),
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": ofBucket(
    "aws_s3_bucket_object_lock_configuration",
  ),
  "aws:s3/bucketObjectv2:BucketObjectv2": { terraform: "aws_s3_object", id: "=key", replaces: ["bucket", "key"] },
  "aws:s3/objectCopy:ObjectCopy": { terraform: "aws_s3_object_copy", id: "=key", replaces: ["bucket", "key"] },
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": {
    terraform: "aws_kinesis_firehose_delivery_stream",
    id: "=arn",
    replaces: ["name", "destination", "kinesisSourceConfiguration"],
    renamed: { processors: "processors" },
  },
};
