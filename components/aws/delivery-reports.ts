import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { HostReceipt } from "../host-receipt";
import { folders } from "./artifact-bucket";
import type { AwsPart } from "./part";

/** Why the host did not take a configuration. */
export interface HostRefusal {
  /** Name of the configuration. */
  readonly generation: string;
  readonly reason: string;
  /** When; ISO 8601, UTC. */
  readonly at: string;
}

/** The latest that a host has left in the bucket; absent before the first. */
export interface DeliveryReports {
  readonly receipt?: HostReceipt;
  readonly refusal?: HostRefusal;
}

/** Whose reports are read, and where. */
export interface ReportPlace {
  readonly bucket: string;
  readonly instanceId: string;
}

/** Reads both with the provider's own data sources; an object that is missing is no error. Rejects when S3 refuses. */
export async function readReports({ parent }: AwsPart, { bucket, instanceId }: ReportPlace): Promise<DeliveryReports> {
  const prefix = `${folders.receipts}/${instanceId}/latest-`;
  // Listed first: what the provider says of a missing object depends on the caller's rights and on its version.
  const { keys } = await aws.s3.getObjects({ bucket, prefix }, { parent });
  const read = async <Kind extends keyof DeliveryReports>(kind: Kind) => {
    const key = `${prefix}${kind}.json`;
    if (!keys.includes(key)) return {};
    const { body } = await aws.s3.getObject({ bucket, key }, { parent });
    return { [kind]: JSON.parse(body) as DeliveryReports[Kind] };
  };
  return { ...(await read("receipt")), ...(await read("refusal")) };
}

/**
 * The latest refusal as text; empty before the first. Part of a configuration's name: after a refusal the next `up` orders the
 * same under a new name, which the host tries at once and which no earlier refusal speaks of.
 */
export function lastRefusal(
  part: AwsPart,
  place: { readonly bucket: pulumi.Input<string>; readonly instanceId: pulumi.Input<string> },
): pulumi.Output<string> {
  return pulumi.output(place).apply(async (known) => {
    const { refusal } = await readReports(part, known);
    return refusal === undefined ? "" : JSON.stringify(refusal);
  });
}
