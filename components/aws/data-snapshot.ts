import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuseLate } from "./late-refusal";
import type { AwsPart } from "./part";

/**
 * Id of the snapshot that the data volume is made from, once a volume of so many GiB can be made from it.
 * @throws pulumi.RunError for a snapshot that is not there, is not complete, or is larger than the volume.
 */
export function dataSnapshot(
  part: AwsPart,
  snapshotId: pulumi.Input<string>,
  gigabytes: number,
): pulumi.Output<string> {
  return pulumi.output(snapshotId).apply(async (id) => {
    const fault = await faultOf(part, id, gigabytes);
    if (fault !== undefined) refuseLate(fault);
    return id;
  });
}

async function faultOf({ parent }: AwsPart, id: string, gigabytes: number): Promise<string | undefined> {
  const found = await aws.ebs
    .getSnapshot({ snapshotIds: [id] }, { parent })
    .catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  if (typeof found === "string")
    // A backup expires, and the volume that was made from it does not.
    return (
      `dataSnapshotId: ${id} was not found (${found.split("\n")[0] ?? ""}); if the data volume is made from it already, remove ` +
      "dataSnapshotId, and the volume stays; else give a snapshot of this account and region, as docs/aws-restore.md finds it"
    );
  if (found.state !== "completed")
    return `dataSnapshotId: ${id} is ${found.state}; wait until it is there with \`aws ec2 wait snapshot-completed --snapshot-ids ${id}\``;
  if (found.volumeSize > gigabytes)
    return `dataGigabytes: ${gigabytes} is less than the ${found.volumeSize} GiB of ${id}; give at least ${found.volumeSize}`;
  return undefined;
}
