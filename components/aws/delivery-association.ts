import { readFileSync } from "node:fs";
import path from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { sha256 } from "../../core/sha256";
import type { HostReceipt } from "../host-receipt";
import { packageRoot } from "../read-templates";
import { folders, type ArtifactBucket } from "./artifact-bucket";
import { awaitReceipt, type AwaitedReceipt } from "./await-receipt";
import type { DeliveryParameter } from "./delivery-document";
import { lastRefusal, readReports } from "./delivery-reports";
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
  /** Waits so many milliseconds between two looks for the receipt. Default: real time. */
  readonly pause?: AwaitedReceipt["pause"];
  /** What must be there before the host can fetch and report. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/** How often the host compares itself with its configuration and repairs what drifted. */
const scheduleExpression = "rate(30 minutes)";

/**
 * Lets the host fetch, activate and confirm, and waits for the receipt that it leaves in the bucket once it has: AWS calls an association
 * a success while no instance has registered yet. It is made anew whenever what it carries changes; never two at a time, or the older
 * one would bring the older configuration back.
 */
export function deliveryAssociation(part: AwsPart, args: DeliveryArgs): pulumi.Output<HostReceipt> {
  const { name, parent, tags } = part;
  const { bucket } = args;
  const { agent, uploads } = upload(args);
  const { generation, parameters } = parametersOf(part, args, agent);
  const association = new aws.ssm.Association(
    `${name}-delivery`,
    {
      name: args.document.name,
      associationName: part.named("association", "delivery"),
      targets: [{ key: "InstanceIds", values: [args.instanceId] }],
      parameters,
      scheduleExpression,
      complianceSeverity: "HIGH",
      outputLocation: { s3BucketName: bucket.name, s3KeyPrefix: folders.output, s3Region: part.region },
      tags,
    },
    {
      parent,
      dependsOn: [...uploads, ...args.dependsOn],
      replaceOnChanges: ["parameters", "targets"],
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

function parametersOf(
  part: AwsPart,
  { bucket, instanceId, bundle, secret, address, recheck }: DeliveryArgs,
  agent: string,
) {
  const facts = pulumi.all([secret.version, address, recheck, lastRefusal(part, { bucket: bucket.name, instanceId })]);
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

/** In a preview it is read once and not waited for: unknown while it is not there. */
function receiptOf(
  part: AwsPart,
  { bucket, instanceId, reasons, pause }: DeliveryArgs,
  association: aws.ssm.Association,
  ordered: pulumi.Output<string>,
): pulumi.Output<HostReceipt> {
  const facts = pulumi.all([bucket.name, instanceId, ordered, reasons, association.associationId]);
  return facts.apply(async ([name, instance, generation, stream]) => {
    const read = () => readReports(part, { bucket: name, instanceId: instance });
    if (pulumi.runtime.isDryRun()) {
      const { receipt } = await read();
      return receipt?.generation === generation ? receipt : (pulumi.unknown as unknown as HostReceipt);
    }
    const say = (line: string, passing: boolean) => void pulumi.log.info(line, part.parent, undefined, passing);
    const where = `${stream} and in s3://${name}/${folders.output}/`;
    return awaitReceipt({ generation, read, say, reasons: where, ...(pause === undefined ? {} : { pause }) });
  });
}
