import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AwsPart } from "./part";
import { policyDocument, tlsOnly, type ResourceStatement } from "./policy-statement";

/** What buckets differ in. */
export interface PrivateBucketArgs {
  /** ARN of the key objects are encrypted with. Absent: S3's own key, which is all that access logs can be written under. */
  readonly keyArn?: pulumi.Input<string>;
  /** Name of the bucket that accesses are logged to, known once its policy stands. Absent only for that bucket itself. */
  readonly accessLogs?: pulumi.Input<string>;
  /** How long no object version may be changed or removed. Can be chosen only when the bucket is made. */
  readonly lock?: { readonly mode: "GOVERNANCE" | "COMPLIANCE"; readonly days: number };
  /** Days after which an object goes. Absent: it stays. */
  readonly expireDays?: number;
  /** Objects below a prefix that go after so many days, for good a day later. Absent: none. */
  readonly shortLived?: { readonly prefix: string; readonly days: number };
  /** Days for which what was replaced or removed can still be had back. */
  readonly keepReplacedDays: number;
  /** True: removing the bucket empties it first, of locked objects too unless nobody may. Default: false, and S3 refuses to remove it. */
  readonly forceDestroy?: boolean;
  /** True: the engine refuses to remove it. Default: false. */
  readonly protect?: boolean;
  /** True for what nobody can empty: the bucket and its settings stay in the account when the stack goes. Default: false. */
  readonly retainOnDelete?: boolean;
  /** More statements of the bucket's policy. */
  readonly statements?: (bucketArn: pulumi.Output<string>) => readonly ResourceStatement[];
}

/** A bucket, and its name for whoever needs its policy to stand. */
export interface PrivateBucket {
  readonly bucket: aws.s3.Bucket;
  /** The bucket's name, known once its policy stands: S3 refuses to log accesses to a bucket whose policy does not let it. */
  readonly nameWithPolicy: pulumi.Output<string>;
}

/** Makes a bucket nobody else can see: no ACLs, TLS only, every version kept for a while, half uploads removed. */
export function privateBucket(part: AwsPart, suffix: string, args: PrivateBucketArgs): PrivateBucket {
  const name = `${part.name}-${suffix}`;
  const opts = { parent: part.parent, retainOnDelete: args.retainOnDelete ?? false };
  const bucket = new aws.s3.Bucket(
    name,
    {
      bucketPrefix: part.named("bucketPrefix", suffix),
      objectLockEnabled: args.lock !== undefined,
      forceDestroy: args.forceDestroy ?? false,
      tags: part.tags,
    },
    { ...opts, protect: args.protect ?? false },
  );
  const of: Named = { name, opts, bucket };
  const policy = closed(of, args);
  kept(of, args);
  return { bucket, nameWithPolicy: policy.bucket };
}

interface Named {
  readonly name: string;
  readonly opts: pulumi.CustomResourceOptions;
  readonly bucket: aws.s3.Bucket;
}

/** Who may reach it, and who notes that somebody did. */
function closed({ name, opts, bucket }: Named, args: PrivateBucketArgs): aws.s3.BucketPolicy {
  const of = { bucket: bucket.id };
  const block = new aws.s3.BucketPublicAccessBlock(
    `${name}-private`,
    { ...of, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
    opts,
  );
  new aws.s3.BucketOwnershipControls(
    `${name}-ownership`,
    { ...of, rule: { objectOwnership: "BucketOwnerEnforced" } },
    opts,
  );
  // A policy and the block of public access change one state of the bucket; S3 refuses both at once.
  const policy = new aws.s3.BucketPolicy(
    `${name}-policy`,
    { ...of, policy: policyOf(bucket.arn, args) },
    { ...opts, dependsOn: block },
  );
  if (args.accessLogs !== undefined) {
    new aws.s3.BucketLogging(
      `${name}-access-log`,
      { ...of, targetBucket: args.accessLogs, targetPrefix: `${name}/` },
      opts,
    );
  }
  return policy;
}

/** How what lies there is kept. */
function kept({ name, opts, bucket }: Named, args: PrivateBucketArgs): void {
  const of = { bucket: bucket.id };
  const versioning = new aws.s3.BucketVersioning(
    `${name}-versions`,
    { ...of, versioningConfiguration: { status: "Enabled" } },
    opts,
  );
  new aws.s3.BucketServerSideEncryptionConfiguration(`${name}-encryption`, { ...of, rules: [encryption(args)] }, opts);
  new aws.s3.BucketLifecycleConfiguration(
    `${name}-lifecycle`,
    { ...of, rules: lifecycle(args) },
    { ...opts, dependsOn: versioning },
  );
  new aws.s3.BucketNotification(`${name}-events`, { ...of, eventbridge: true }, opts);
  if (args.lock !== undefined) {
    new aws.s3.BucketObjectLockConfiguration(
      `${name}-lock`,
      { ...of, rule: { defaultRetention: { mode: args.lock.mode, days: args.lock.days } } },
      { ...opts, dependsOn: versioning },
    );
  }
}

function encryption({ keyArn }: PrivateBucketArgs) {
  return keyArn === undefined
    ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
    : {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
        bucketKeyEnabled: true,
      };
}

function lifecycle({ expireDays, keepReplacedDays, shortLived }: PrivateBucketArgs) {
  const short = shortLived && {
    id: "remove-short-lived",
    status: "Enabled",
    filter: { prefix: shortLived.prefix },
    abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
    expiration: { days: shortLived.days },
    // Where rules overlap, S3 takes the shorter time.
    noncurrentVersionExpiration: { noncurrentDays: 1 },
  };
  return [
    ...(short === undefined ? [] : [short]),
    {
      id: "remove-old",
      status: "Enabled",
      filter: { prefix: "" },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
      noncurrentVersionExpiration: { noncurrentDays: keepReplacedDays },
      ...(expireDays === undefined ? {} : { expiration: { days: expireDays } }),
    },
  ];
}

function policyOf(arn: pulumi.Output<string>, { statements }: PrivateBucketArgs): pulumi.Output<string> {
  const everything = [arn, pulumi.interpolate`${arn}/*`];
  return policyDocument([tlsOnly("s3:*", everything), ...(statements?.(arn) ?? [])]);
}
