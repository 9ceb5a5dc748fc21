import { readFileSync } from "node:fs";
import path from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { sha256 } from "../../core/sha256";
import type { HostReceipt } from "../host-receipt";
import { packageRoot } from "../read-templates";
import { folders, type ArtifactBucket } from "./artifact-bucket";
import type { DeliveryParameter } from "./delivery-document";
import type { AwsPart } from "./part";
import type { HostSecret } from "./secrets";

/** What is delivered to which machine. */
export interface DeliveryArgs {
  readonly document: aws.ssm.Document;
  readonly instanceId: pulumi.Input<string>;
  readonly bucket: ArtifactBucket;
  /** The canonical bundle. */
  readonly bundle: { readonly text: string; readonly sha256: string };
  readonly secret: HostSecret;
  /** Package files of the bundle's that the host fetches from the bucket. Default: none. */
  readonly packages?: readonly { readonly path: string; readonly sha256: string }[];
  /** Address the outside sees the host under. */
  readonly address: pulumi.Input<string>;
  /** Any text; when it changes, the host is looked at again at once. */
  readonly recheck?: pulumi.Input<string>;
  /** Log group and stream that hold the host's reason when it refuses. */
  readonly reasons: pulumi.Input<string>;
  /** What must be there before the host can fetch and report. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/** How long `up` waits for the host: a first one installs packages. */
const waitForSuccessTimeoutSeconds = 1800;
/** How often the host compares itself with its configuration and repairs what drifted. */
const scheduleExpression = "rate(30 minutes)";

/**
 * Lets the host fetch, activate and confirm, and waits until it has. AWS guards the creation of an association only, so it is made
 * anew whenever what it carries changes; never two at a time, or the older one would bring the older configuration back. Gives what the
 * host leaves in the bucket once it has confirmed.
 */
export function deliveryAssociation(part: AwsPart, args: DeliveryArgs): pulumi.Output<HostReceipt> {
  const { name, parent, tags } = part;
  const { bucket } = args;
  const { agent, uploads } = upload(args);
  const { generation, parameters } = parametersOf(args, agent);
  announce(part, args.reasons, bucket.name);
  const association = new aws.ssm.Association(
    `${name}-delivery`,
    {
      name: args.document.name,
      associationName: `${name}-delivery`,
      targets: [{ key: "InstanceIds", values: [args.instanceId] }],
      parameters,
      scheduleExpression,
      complianceSeverity: "HIGH",
      outputLocation: { s3BucketName: bucket.name, s3KeyPrefix: folders.output, s3Region: part.region },
      waitForSuccessTimeoutSeconds,
      tags,
    },
    {
      parent,
      dependsOn: [...uploads, ...args.dependsOn],
      // The last is the engine's word for a resource that was made and failed: the next `up` makes another and waits for it.
      replaceOnChanges: ["parameters", "targets", "#initerror"],
      deleteBeforeReplace: true,
    },
  );
  return receiptOf(part, args, association, generation);
}

/** Uploads what the host fetches; gives the agent's sha256 too. */
function upload({ bucket, bundle, packages = [] }: DeliveryArgs) {
  const program = path.join(packageRoot(), "dist/host.pyz");
  const agent = sha256(readFileSync(program));
  const files = packages.map(({ path: file, sha256: digest }, index) =>
    bucket.upload(`package-${index}`, `${folders.packages}/${digest}.deb`, new pulumi.asset.FileAsset(file)),
  );
  const uploads = [
    bucket.upload("agent", `${folders.agents}/${agent}.pyz`, new pulumi.asset.FileAsset(program)),
    bucket.upload("bundle", `${folders.bundles}/${bundle.sha256}.json`, new pulumi.asset.StringAsset(bundle.text)),
    ...files,
  ];
  return { agent, uploads };
}

function parametersOf({ bucket, bundle, secret, address, recheck }: DeliveryArgs, agent: string) {
  const facts = pulumi.all([secret.version, address, recheck]);
  const generation = facts.apply((words) => sha256([agent, bundle.sha256, ...words].join("\n")).slice(0, 32));
  const parameters: Record<DeliveryParameter, pulumi.Input<string>> = {
    Bucket: bucket.name,
    Agent: agent,
    Bundle: bundle.sha256,
    Generation: generation,
    Secret: secret.arn,
    SecretVersion: secret.version,
    Address: address,
  };
  return { generation, parameters };
}

/** AWS says only that it failed; a hook that speaks then would break every program that is tested with mocks. */
function announce({ parent }: AwsPart, reasons: pulumi.Input<string>, bucket: pulumi.Input<string>): void {
  if (pulumi.runtime.isDryRun()) return;
  pulumi
    .all([reasons, bucket])
    .apply(([stream, output]) =>
      pulumi.log.info(
        `a changed configuration is waited for, 30 minutes at most; if the host refuses it, its reason is in ${stream}, and all it said in s3://${output}/${folders.output}/`,
        parent,
      ),
    );
}

function receiptOf(
  part: AwsPart,
  { bucket, instanceId }: DeliveryArgs,
  association: aws.ssm.Association,
  generation: pulumi.Output<string>,
): pulumi.Output<HostReceipt> {
  const key = pulumi.interpolate`${folders.receipts}/${instanceId}/${generation}.json`;
  // Asked for only once the host has succeeded; also tells a failure that an earlier `up` has already reported.
  const { body } = aws.s3.getObjectOutput(
    { bucket: bucket.name, key },
    { parent: part.parent, dependsOn: association },
  );
  return body.apply((text) => JSON.parse(text) as HostReceipt);
}
