import * as aws from "@pulumi/aws";
import type { KmsKeys } from "./kms-keys";
import type { Network } from "./network";
import type { AwsPart } from "./part";

/** Default of `dataGigabytes`. */
export const defaultDataGigabytes = 10;

/** The volume that outlives the machine; encrypted. */
export function dataVolume(
  { name, parent, tags, deletionProtection }: AwsPart,
  { place, keys }: { readonly place: Network; readonly keys: KmsKeys },
  gigabytes = defaultDataGigabytes,
): aws.ebs.Volume {
  return new aws.ebs.Volume(
    `${name}-data`,
    {
      availabilityZone: place.availabilityZone,
      size: gigabytes,
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
