import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { SecretValues } from "../../core/secrets/derive-secrets";
import { storedText } from "../../core/secrets/stored-secrets";
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

/** What is known of a secret of the caller's. */
interface Found {
  readonly arn: string;
  readonly keyArn: string;
  readonly version: string;
}

/**
 * A secret of the caller's, which somebody else fills: what is current in it is what is delivered. Neither the state nor this
 * program ever sees what it holds.
 * @throws pulumi.RunError for a secret of elsewhere, one without a value, and one that is encrypted with AWS's own key.
 */
export function callersSecret(part: AwsPart, secretArn: pulumi.Input<string>): HostSecret {
  const known = pulumi.all([secretArn, part.partition, part.region, part.accountId]);
  const found = known.apply(async ([arn, ...own]): Promise<Found> => {
    const issue = secretArnIssue(arn, own);
    return issue === undefined ? lookUp(part, arn) : refused(arn, issue);
  });
  const { arn, keyArn, version } = found;
  return { arn, version, statements: statements(part, arn, keyArn) };
}

async function lookUp({ parent }: AwsPart, arn: string): Promise<Found> {
  const { kmsKeyId } = await aws.secretsmanager.getSecret({ arn }, { parent });
  const { versions } = await aws.secretsmanager.getSecretVersions({ secretId: arn }, { parent });
  const key = kmsKeyId === "" ? undefined : await aws.kms.getKey({ keyId: kmsKeyId }, { parent });
  const version = versions.find(({ versionStages }) => versionStages.includes("AWSCURRENT"))?.versionId;
  if (key !== undefined && key.keyManager !== "AWS" && version !== undefined) return { arn, keyArn: key.arn, version };
  const noValue =
    "this secret has no value yet; set what `hardened-asterisk secrets` prints, then run `pulumi up` again";
  const noKey =
    "this secret is encrypted with AWS's own key; give it one of yours with `aws secretsmanager update-secret --kms-key-id`, and set its value again";
  const ownKey = key === undefined || key.keyManager === "AWS";
  throw refusal([...(version === undefined ? [noValue] : []), ...(ownKey ? [noKey] : [])]);
}

const refusal = (issues: readonly string[]) =>
  new pulumi.RunError(issues.map((issue) => `secretArn: ${issue}`).join("\n"));

/**
 * Thrown inside an output, an error is shown wrapped, with a stack trace and once for each input that it flows into. Left to nobody, its
 * message alone is shown, and the preview fails; after a question to AWS that made the program grow without end.
 */
function refused(arn: string, issue: string): Found {
  if (!pulumi.runtime.isDryRun()) throw refusal([issue]);
  void Promise.reject(refusal([issue]));
  return { arn, keyArn: "", version: "" };
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
