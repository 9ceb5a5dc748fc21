import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuseLate } from "./late-refusal";
import type { AwsPart } from "./part";

/**
 * Id of the snapshot that the data volume is made from, once a volume of so many GiB can be made from it.
 * @throws pulumi.RunError for a snapshot that is not there, is not complete, is larger than the volume, or cannot be looked up.
 */
export function dataSnapshot(
  part: AwsPart,
  snapshotId: pulumi.Input<string>,
  gigabytes: number,
): pulumi.Output<string> {
  return pulumi.output(snapshotId).apply(async (id) => {
    const fault = await snapshotFault(part, id, gigabytes);
    if (fault !== undefined) refuseLate(fault);
    return id;
  });
}

/** Why no data volume of so many GiB can be made from the snapshot, with the cure; undefined if one can. */
export async function snapshotFault({ parent }: AwsPart, id: string, gigabytes: number): Promise<string | undefined> {
  const found = await aws.ebs
    .getSnapshot({ snapshotIds: [id] }, { parent })
    .catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  if (typeof found === "string") return lookUpFault(id, found.replace(/\s+/g, " ").trim());
  if (found.state !== "completed")
    return `dataSnapshotId: ${id} is ${found.state}; wait until it is there with \`aws ec2 wait snapshot-completed --snapshot-ids ${id}\``;
  if (found.volumeSize > gigabytes)
    return `dataGigabytes: ${gigabytes} is less than the ${found.volumeSize} GiB of ${id}; give at least ${found.volumeSize}`;
  return undefined;
}

function lookUpFault(id: string, reason: string): string {
  // Whoever is told of a copy that is gone gives up on it: only what says so may be told as that, and neither missing rights nor an expired login.
  if (!notFound.test(reason))
    return `dataSnapshotId: ${id} could not be looked up: ${reason}; mend what AWS names there, and run it again`;
  // A backup expires, and the volume that was made from it does not.
  return (
    `dataSnapshotId: ${id} was not found (${reason}); if the data volume is made from it already, remove ` +
    "dataSnapshotId, and the volume stays; else give a snapshot of this account and region, as docs/aws-restore.md finds it"
  );
}

/**
 * How EC2 and Terraform's provider say that there is no such snapshot. The provider's data source hides EC2's code behind the text of its own
 * NotFoundError (internal/service/ec2/ebs_snapshot_data_source.go, internal/retry/error.go, internal/tfresource/not_found_error.go).
 */
const notFound =
  /InvalidSnapshot\.NotFound|reading EBS Snapshots?: (couldn't find resource|empty result)|query returned no results|no matching EBS Snapshots? found/;
