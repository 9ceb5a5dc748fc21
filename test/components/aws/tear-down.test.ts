import * as pulumi from "@pulumi/pulumi";
import { AwsAsteriskHost } from "../../../components/aws/asterisk-host";
import type { AwsAsteriskHostArgs } from "../../../components/aws/asterisk-host-args";
import { logStreams } from "../../../core/bundle/log-streams";
import { madeBy } from "./made-by-program";
import { awsArgs } from "./spec";

beforeAll(() => {
  jest.spyOn(pulumi.log, "info").mockResolvedValue(undefined);
});

/** Names of what the engine refuses to remove, of what it leaves in the account, and of what is emptied first. */
async function tearDown(change: Partial<AwsAsteriskHostArgs>) {
  const opts = new Map<string, pulumi.CustomResourceOptions>();
  const note: pulumi.ResourceTransformation = ({ name, opts: given }) => {
    opts.set(name, given);
    return undefined;
  };
  const made = await madeBy(() => {
    new AwsAsteriskHost("pbx", awsArgs(change), { transformations: [note] });
  });
  const named = (wanted: (one: pulumi.CustomResourceOptions) => boolean | undefined) =>
    [...opts].flatMap(([name, one]) => (wanted(one) === true ? [name] : [])).sort();
  return {
    protectedOnes: named(({ protect }) => protect),
    retained: named(({ retainOnDelete }) => retainOnDelete),
    emptied: made.flatMap(({ name, inputs }) => (inputs["forceDestroy"] === true ? [name] : [])).sort(),
  };
}

test("what lasts is protected; only what can be made again is emptied", async () => {
  expect(await tearDown({})).toEqual({
    protectedOnes: [
      "pbx-archive",
      "pbx-backups",
      "pbx-data",
      "pbx-data-key",
      "pbx-address",
      "pbx-logs-key",
      "pbx-secrets-key",
      "pbx-archive-failures",
      "pbx-flow-log-group",
      "pbx-log-sessions",
      ...logStreams.map((stream) => `pbx-log-${stream}`),
    ].sort(),
    retained: [],
    emptied: ["pbx-artifacts", "pbx-instance"],
  });
});

test("without protection every bucket and vault can be emptied, so that nothing stays", async () => {
  const emptied = ["pbx-access-logs", "pbx-archive", "pbx-artifacts", "pbx-backups", "pbx-instance"];
  expect(await tearDown({ deletionProtection: false })).toEqual({ protectedOnes: [], retained: [], emptied });
});

test("an archive that nobody can empty stays, as a whole, with the key it is read with", async () => {
  const { retained, emptied } = await tearDown({ deletionProtection: false, irrevocableArchive: true });
  expect(emptied).not.toContain("pbx-archive");
  expect(retained).toEqual(expect.arrayContaining(["pbx-archive", "pbx-archive-private", "pbx-archive-policy"]));
  expect(retained.filter((name) => !name.startsWith("pbx-archive"))).toEqual(["pbx-logs-key"]);
  expect(retained.filter((name) => /stream|writer|reader|failures/.test(name))).toEqual([]);
  expect((await tearDown({ irrevocableArchive: true })).retained).toEqual([]);
});
