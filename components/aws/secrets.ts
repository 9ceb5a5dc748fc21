import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { SecretValues } from "../../core/secrets/derive-secrets";
import { storedText } from "../../core/secrets/stored-secrets";
import { refuseLate } from "./late-refusal";
import type { AwsPart } from "./part";
import type { PolicyStatement } from "./policy-statement";
import { secretArnIssue } from "./secret-arn";

/** What is kept in the secret that is made. */
export interface HostSecretArgs {
  /** ARN of the key the secret is encrypted with. */
  readonly keyArn: pulumi.Input<string>;
  /** The values; held in the state too, encrypted by the stack's own secrets provider. */
  readonly values: pulumi.Output<SecretValues>;
}

/** One version of the values, as the host is told to fetch it. */
export interface HostSecret {
  readonly arn: pulumi.Output<string>;
  /** Changes whenever a value does. No secret. */
  readonly version: pulumi.Output<string>;
  /** What the host needs to read it. */
  readonly statements: readonly PolicyStatement[];
}

/** Days in which a removed secret can still be had back. */
const recoveryWindowInDays = 30;

/** Makes the secret that only the host's role reads. A changed value makes a new version, whose name the delivery carries. */
export function hostSecret(part: AwsPart, args: HostSecretArgs): HostSecret {
  const { name, parent, tags } = part;
  const secret = new aws.secretsmanager.Secret(
    `${name}-secret`,
    {
      namePrefix: part.named("secretPrefix"),
      description: `${name}: digests and keys of the PBX, read by its host`,
      kmsKeyId: args.keyArn,
      recoveryWindowInDays,
      tags,
    },
    { parent },
  );
  const version = new aws.secretsmanager.SecretVersion(
    `${name}-secret-values`,
    { secretId: secret.id, secretString: pulumi.secret(args.values.apply(storedText)) },
    { parent },
  );
  return {
    arn: secret.arn,
    version: pulumi.unsecret(version.versionId),
    statements: statements(part, secret.arn, args.keyArn),
  };
}

/**
 * A secret of the caller's, which somebody else fills: what is current in it is what is delivered. Neither the state nor this
 * program ever sees what it holds.
 * @throws pulumi.RunError for a secret of elsewhere, one without a value, and one that is encrypted with AWS's own key.
 */
export function callersSecret(part: AwsPart, secretArn: pulumi.Input<string>): HostSecret {
  const known = pulumi.all([secretArn, part.partition, part.region, part.accountId]);
  const found = known.apply(([given, ...own]) => {
    const issue = secretArnIssue(given, own);
    return issue === undefined ? lookUp(part, given) : pulumi.output(refused(given, [issue]));
  });
  const { arn, keyArn, version } = found;
  return { arn, version, statements: statements(part, arn, keyArn) };
}

/** What is known of a secret of the caller's. */
interface Found {
  readonly arn: string;
  readonly keyArn: string;
  readonly version: string;
}

function lookUp(part: AwsPart, arn: string): pulumi.Output<Found> {
  const invoke = { parent: part.parent };
  const { kmsKeyId } = aws.secretsmanager.getSecretOutput({ arn }, invoke);
  // The provider leaves out what AWS does not tell, whatever its schema says.
  const key = kmsKeyId.apply((keyId: string | undefined) =>
    keyId === undefined || keyId === "" ? undefined : aws.kms.getKeyOutput({ keyId }, invoke),
  );
  const { versions } = aws.secretsmanager.getSecretVersionsOutput({ secretId: arn }, invoke);
  return pulumi.all([key, versions]).apply(([kept, all]) => {
    const version = all.find(({ versionStages }) => versionStages.includes("AWSCURRENT"))?.versionId;
    const own = kept === undefined || kept.keyManager === "AWS";
    if (version !== undefined && !own) return { arn, keyArn: kept.arn, version };
    return refused(arn, [...(version === undefined ? [noValue] : []), ...(own ? [ownKey] : [])]);
  });
}

const noValue = "this secret has no value yet; set what `hardened-asterisk secrets` prints, then run `pulumi up` again";
const ownKey =
  "this secret is encrypted with AWS's own key; give it one of yours with `aws secretsmanager update-secret --kms-key-id`, and set its value again";

function refused(arn: string, issues: readonly string[]): Found {
  refuseLate(issues.map((issue) => `secretArn: ${issue}`).join("\n"));
  return { arn, keyArn: arn, version: "" };
}

function statements({ region }: AwsPart, arn: pulumi.Output<string>, keyArn: pulumi.Input<string>): PolicyStatement[] {
  const through = pulumi.interpolate`secretsmanager.${region}.amazonaws.com`;
  return [
    { Sid: "Secret", Effect: "Allow", Action: ["secretsmanager:GetSecretValue"], Resource: arn },
    {
      Sid: "SecretKey",
      Effect: "Allow",
      Action: ["kms:Decrypt"],
      Resource: keyArn,
      Condition: { StringEquals: { "kms:ViaService": through, "kms:EncryptionContext:SecretARN": arn } },
    },
  ];
}
