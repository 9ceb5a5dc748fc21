import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AwsPart } from "./part";
import type { PolicyStatement } from "./policy-statement";
import { privateBucket } from "./private-bucket";

/** What the bucket is encrypted with and watched by. */
export interface ArtifactBucketArgs {
  /** ARN of the key. */
  readonly keyArn: pulumi.Input<string>;
  /** Name of the bucket that accesses are logged to. */
  readonly accessLogs: pulumi.Input<string>;
}

/** Where everything that is delivered lies, named by its sha256, and what the host answers. */
export interface ArtifactBucket {
  readonly name: pulumi.Output<string>;
  /** Uploads one object; `suffix` names the resource. */
  readonly upload: (suffix: string, key: pulumi.Input<string>, source: pulumi.asset.Asset) => aws.s3.BucketObjectv2;
  /** What the host needs: to read what is delivered, and to leave its receipts and its output. */
  readonly statements: readonly PolicyStatement[];
}

/** First part of the keys, by what lies there. */
export const folders = {
  agents: "agents",
  bundles: "bundles",
  packages: "packages",
  receipts: "receipts",
  output: "delivery-output",
} as const;

/** Days that the output of a delivery is kept: two files each half hour. */
const keepOutputDays = 30;

/** Days for which an artefact that was replaced can still be had back. */
const keepReplacedDays = 90;

/** The bucket through which configurations reach the host. All in it can be made again: `pulumi destroy` empties it. */
export function artifactBucket(part: AwsPart, { keyArn, accessLogs }: ArtifactBucketArgs): ArtifactBucket {
  const { bucket } = privateBucket(part, "artifacts", {
    keyArn,
    accessLogs,
    keepReplacedDays,
    forceDestroy: true,
    shortLived: { prefix: `${folders.output}/`, days: keepOutputDays },
  });
  const upload = (suffix: string, key: pulumi.Input<string>, source: pulumi.asset.Asset) =>
    new aws.s3.BucketObjectv2(
      `${part.name}-${suffix}`,
      { bucket: bucket.id, key, source, serverSideEncryption: "aws:kms", kmsKeyId: keyArn, tags: part.tags },
      { parent: part.parent },
    );
  return { name: bucket.id, upload, statements: statements(part, bucket.arn, keyArn) };
}

function statements({ region }: AwsPart, arn: pulumi.Output<string>, keyArn: pulumi.Input<string>): PolicyStatement[] {
  const below = (names: readonly string[]) => names.map((name) => pulumi.interpolate`${arn}/${name}/*`);
  return [
    {
      Sid: "Artifacts",
      Effect: "Allow",
      Action: ["s3:GetObject"],
      Resource: below([folders.agents, folders.bundles, folders.packages]),
    },
    { Sid: "Reports", Effect: "Allow", Action: ["s3:PutObject"], Resource: below([folders.receipts, folders.output]) },
    {
      // The agent of Systems Manager uploads with the ACL bucket-owner-full-control (amazon-ssm-agent 3.3.0, agent/s3util/s3util.go), and S3
      // refuses an upload that names an ACL to whoever may not set one, though this bucket takes no other ACL. It asks for the bucket's
      // encryption before; refused that, it names none, and the bucket's own key encrypts.
      Sid: "OutputAcl",
      Effect: "Allow",
      Action: ["s3:PutObjectAcl"],
      Resource: below([folders.output]),
      Condition: { StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control" } },
    },
    {
      Sid: "ArtifactKey",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: keyArn,
      Condition: { StringEquals: { "kms:ViaService": pulumi.interpolate`s3.${region}.amazonaws.com` } },
    },
  ];
}
