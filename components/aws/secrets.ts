import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { SecretValues } from "../../core/secrets/derive-secrets";
import type { AwsPart } from "./part";
import type { PolicyStatement } from "./policy-statement";

/** Where the host's values are kept. */
export interface HostSecretArgs {
  /** ARN of the key the secret is encrypted with. */
  readonly keyArn: pulumi.Input<string>;
  /** The values; held in the state too, encrypted by the stack's own secrets provider. Absent with `secretArn`. */
  readonly values?: pulumi.Output<SecretValues>;
  /** ARN of a secret of the caller's, whose value is set out of band. */
  readonly secretArn?: pulumi.Input<string>;
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

/**
 * The secret that only the host's role reads. A changed value makes a new version, whose name the delivery carries.
 * @throws pulumi.RunError when both values and a secret's ARN are given, or neither; and for a secret of elsewhere.
 */
export function hostSecret(part: AwsPart, args: HostSecretArgs): HostSecret {
  if (args.secretArn !== undefined) return named(part, args.secretArn, args.keyArn);
  if (args.values === undefined) throw new pulumi.RunError("masterSecret: is missing; give it, or secretArn");
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
    { secretId: secret.id, secretString: pulumi.secret(args.values.apply(canonical)) },
    { parent },
  );
  return {
    arn: secret.arn,
    version: pulumi.unsecret(version.versionId),
    statements: statements(part, secret.arn, args.keyArn),
  };
}

/** Equal values give an equal text, in whatever order they were derived. */
function canonical(values: SecretValues): string {
  return JSON.stringify(Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** A secret that somebody else fills: what is current in it is what is delivered. */
function named(part: AwsPart, secretArn: pulumi.Input<string>, keyArn: pulumi.Input<string>): HostSecret {
  const arn = pulumi.all([secretArn, part.accountId, part.region]).apply(([given, account, region]) => {
    const [kind, , service, place, owner] = given.split(":");
    if (kind === "arn" && service === "secretsmanager" && place === region && owner === account) return given;
    const wanted = `arn:…:secretsmanager:${region}:${account}:secret:…`;
    throw new pulumi.RunError(
      `secretArn: ${given} is not a secret of this account and region; the host's role may only read one of ${wanted}`,
    );
  });
  const { versions } = aws.secretsmanager.getSecretVersionsOutput({ secretId: arn }, { parent: part.parent });
  const version = versions.apply((all) => {
    const current = all.find(({ versionStages }) => versionStages.includes("AWSCURRENT"));
    if (current !== undefined) return current.versionId;
    throw new pulumi.RunError("secretArn: this secret has no value yet; set one, then run `pulumi up` again");
  });
  return { arn, version, statements: statements(part, arn, keyArn) };
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
