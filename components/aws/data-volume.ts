import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { dataSnapshot } from "./data-snapshot";
import type { KmsKeys } from "./kms-keys";
import type { Network } from "./network";
import type { AwsPart } from "./part";

/** Default of `dataGigabytes`. */
export const defaultDataGigabytes = 10;

/** What the data volume holds at first. */
export interface DataVolumeArgs {
  /** GiB. Default: {@link defaultDataGigabytes}. */
  readonly dataGigabytes?: number | undefined;
  /** Snapshot that it is made from. Default: it is blank. */
  readonly dataSnapshotId?: pulumi.Input<string> | undefined;
}

/** The volume that outlives the machine; encrypted. */
export function dataVolume(
  part: AwsPart,
  { place, keys }: { readonly place: Network; readonly keys: KmsKeys },
  { dataGigabytes: gigabytes = defaultDataGigabytes, dataSnapshotId }: DataVolumeArgs = {},
): aws.ebs.Volume {
  const { name, parent, tags, deletionProtection } = part;
  return new aws.ebs.Volume(
    `${name}-data`,
    {
      availabilityZone: place.availabilityZone,
      size: gigabytes,
      ...(dataSnapshotId === undefined ? {} : { snapshotId: dataSnapshot(part, dataSnapshotId, gigabytes) }),
      type: "gp3",
      encrypted: true,
      kmsKeyId: keys.data.arn,
      // What was on it can be had back from this, whoever destroys it.
      finalSnapshot: true,
      tags: { ...tags, Name: `${name}-data` },
    },
    { parent, protect: deletionProtection },
  );
}
