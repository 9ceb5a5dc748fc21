import * as pulumi from "@pulumi/pulumi";
import { artifactBucket } from "../../../components/aws/artifact-bucket";
import { deliveryAssociation } from "../../../components/aws/delivery-association";
import { deliveryDocument } from "../../../components/aws/delivery-document";
import { instanceRole } from "../../../components/aws/instance-role";
import type { AwsPart } from "../../../components/aws/part";
import type { HostReceipt } from "../../../components/host-receipt";
import { callersSecret, hostSecret } from "../../../components/aws/secrets";
import { session } from "../../../components/aws/session";
import { sha256 } from "../../../core/sha256";
import type { SecretValues } from "../../../core/secrets/derive-secrets";

/** What a test delivers. */
export interface Delivered {
  readonly bundle: string;
  readonly values?: SecretValues;
  readonly secretArn?: string;
  readonly address?: string;
  readonly instanceId?: string;
  readonly packages?: readonly { readonly path: string; readonly sha256: string }[];
}

const arn = (service: string, rest: string) => `arn:aws:${service}:eu-central-1:123456789012:${rest}`;

/** The parts that deliver, put together as the component does. */
export function deliveryParts(part: AwsPart, given: Delivered): pulumi.Output<HostReceipt> {
  const bucket = artifactBucket(part, { keyArn: arn("kms", "key/data"), accessLogs: "access-logs" });
  const document = deliveryDocument(part);
  const { statements, document: shell } = session(part, {
    keyArn: arn("kms", "key/logs"),
    logGroup: { name: "/sessions", arn: arn("logs", "log-group:/sessions") },
  });
  const secret =
    given.secretArn === undefined
      ? hostSecret(part, { keyArn: arn("kms", "key/secrets"), values: pulumi.output(given.values ?? {}) })
      : callersSecret(part, given.secretArn);
  const role = instanceRole(part, {
    statements: [...bucket.statements, ...secret.statements, ...statements],
    documents: [document.arn, shell.arn],
  });
  return deliveryAssociation(part, {
    document,
    instanceId: given.instanceId ?? "i-0123456789abcdef0",
    bucket,
    bundle: { text: given.bundle, sha256: sha256(given.bundle) },
    secret,
    packages: given.packages ?? [],
    address: given.address ?? "203.0.113.10",
    reasons: "log group /alarms",
    // The stand-in's time passes by looks at the bucket.
    pause: () => Promise.resolve(),
    dependsOn: [role.instanceProfile],
  });
}
