import * as pulumi from "@pulumi/pulumi";
import { snapshotFault } from "../../../components/aws/data-snapshot";
import { awsPart } from "../../../components/aws/part";
import { madeBy } from "./made-by-program";

const id = "snap-0123456789abcdef0";

/** Words of the refusal when the provider answers the question for the snapshot like this. */
async function refusal(lines: string): Promise<string> {
  // The engine puts this before what the provider says, and Terraform's bridge breaks the lines.
  const details = `invocation of aws:ebs/getSnapshot:getSnapshot returned an error: 1 error occurred:\n\t* ${lines}\n\n`;
  const answers = {
    "aws:ebs/getSnapshot:getSnapshot": () => {
      throw Object.assign(new Error(details), { details });
    },
  };
  let fault: Promise<string | undefined> = Promise.resolve(undefined);
  await madeBy(
    () => {
      const part = awsPart("office", new pulumi.ComponentResource("test:index:Host", "office"), {});
      fault = snapshotFault(part, id, 10);
    },
    { answers },
  );
  const said = await fault;
  if (said === undefined) throw new Error("nothing was refused");
  return said;
}

test.each([
  ["EC2's own code", `InvalidSnapshot.NotFound: The snapshot '${id}' does not exist.`],
  ["Terraform's provider, which hides the code", "reading EBS Snapshots: couldn't find resource"],
  ["an empty answer", "reading EBS Snapshots: empty result"],
  ["no result", "Your query returned no results. Please change your search criteria and try again."],
  ["the provider's other data sources", "no matching EBS Snapshot found"],
])("not found: %s", async (_, lines) => {
  const said = await refusal(lines);
  expect(said).toContain(`dataSnapshotId: ${id} was not found (`);
  expect(said).toContain(lines);
  expect(said).toContain("remove dataSnapshotId, and the volume stays");
});

test.each([
  [
    "a right that is missing",
    "reading EBS Snapshots: operation error EC2: DescribeSnapshots, https response error StatusCode: 403, api error\nUnauthorizedOperation: You are not authorized to perform: ec2:DescribeSnapshots",
    "UnauthorizedOperation: You are not authorized to perform: ec2:DescribeSnapshots",
  ],
  ["a login that has ended", "reading EBS Snapshots: api error RequestExpired: Request has expired.", "RequestExpired"],
  [
    "too many requests",
    "reading EBS Snapshots: api error RequestLimitExceeded: Request limit exceeded.",
    "RequestLimit",
  ],
  [
    "an id that is none",
    `reading EBS Snapshots: api error InvalidSnapshotID.Malformed: Invalid id: "${id}"`,
    "InvalidSnapshotID.Malformed",
  ],
  ["no credentials", "no EC2 IMDS role found; the role was not found", "the role was not found"],
])("told as it is, with its whole reason: %s", async (_, lines, reason) => {
  const said = await refusal(lines);
  expect(said).toContain(`dataSnapshotId: ${id} could not be looked up: `);
  expect(said).toContain(reason);
  expect(said).not.toContain(`${id} was not found`);
  expect(said).not.toContain("remove dataSnapshotId");
  expect(said).not.toContain("\n");
});
