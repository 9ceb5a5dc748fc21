import { grant, type DeployActions } from "./grant";

const bucket = (words: string) => [grant("bucket", "s3", words)];

/** Buckets, what lies in them, and the stream that fills the archive. */
export const storageActions: DeployActions = {
  "aws:s3/bucket:Bucket": [
    // After it has made a bucket the provider reads all of its settings.
    grant(
      "bucket",
      "s3",
      "CreateBucket DeleteBucket ListBucket ListBucketVersions GetBucketLocation GetBucketTagging PutBucketTagging TagResource UntagResource ListTagsForResource GetBucketPolicy GetBucketAcl GetBucketCORS GetBucketWebsite GetBucketVersioning GetAccelerateConfiguration GetBucketRequestPayment GetBucketLogging GetLifecycleConfiguration GetReplicationConfiguration GetEncryptionConfiguration GetBucketObjectLockConfiguration PutBucketObjectLockConfiguration PutBucketVersioning",
    ),
    // Of `forceDestroy`.
    grant(
      "object",
      "s3",
      "DeleteObject DeleteObjectVersion GetObjectRetention GetObjectLegalHold BypassGovernanceRetention",
      "takeDown",
    ),
  ],
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": bucket(
    "GetLifecycleConfiguration PutLifecycleConfiguration",
  ),
  "aws:s3/bucketLogging:BucketLogging": bucket("GetBucketLogging PutBucketLogging"),
  "aws:s3/bucketNotification:BucketNotification": bucket("GetBucketNotification PutBucketNotification"),
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": bucket(
    "GetBucketObjectLockConfiguration PutBucketObjectLockConfiguration",
  ),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": bucket(
    "GetBucketOwnershipControls PutBucketOwnershipControls",
  ),
  "aws:s3/bucketPolicy:BucketPolicy": bucket("GetBucketPolicy PutBucketPolicy DeleteBucketPolicy"),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": bucket(
    "GetBucketPublicAccessBlock PutBucketPublicAccessBlock",
  ),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": bucket(
    "GetEncryptionConfiguration PutEncryptionConfiguration",
  ),
  "aws:s3/bucketVersioning:BucketVersioning": bucket("GetBucketVersioning PutBucketVersioning"),
  "aws:s3/bucketObjectv2:BucketObjectv2": [
    grant("bucket", "s3", "ListBucket"),
    grant(
      "artifact",
      "s3",
      "GetObject GetObjectTagging GetObjectVersion PutObject PutObjectTagging DeleteObject DeleteObjectVersion",
    ),
    grant("key", "kms", "Decrypt GenerateDataKey", "throughService"),
  ],
  "aws:s3/getObject:getObject": [
    grant("artifact", "s3", "GetObject GetObjectTagging"),
    grant("key", "kms", "Decrypt", "throughService"),
  ],
  "aws:s3/getObjects:getObjects": bucket("ListBucket"),
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": [
    grant(
      "deliveryStream",
      "firehose",
      "CreateDeliveryStream DeleteDeliveryStream DescribeDeliveryStream UpdateDestination StartDeliveryStreamEncryption StopDeliveryStreamEncryption TagDeliveryStream UntagDeliveryStream ListTagsForDeliveryStream",
    ),
    grant("role", "iam", "PassRole", "passedToService"),
    grant("key", "kms", "DescribeKey"),
    grant("key", "kms", "CreateGrant", "grantForAws"),
  ],
};
