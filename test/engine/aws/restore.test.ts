import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { SimulatedStack } from "../../../tools/aws/simulated-stack";
import { openMinimal } from "./minimal";

/** What the PBX's phones know it by, and what a thief leaves of it. */
const [good, spoiled] = ["CA, registrations and voicemail of the office", "encrypted by a thief"];

let stack: SimulatedStack;
let program: string;
let night: string;

beforeAll(async () => {
  stack = await openMinimal();
  program = readFileSync(path.join(stack.folder, "index.ts"), "utf8");
  await stack.up();
  const machine = await instanceId();
  stack.simulation.disks.write(machine, good);
  night = stack.simulation.disks.backUp(machine);
  stack.simulation.disks.write(machine, spoiled);
}, 45 * 60_000);

afterAll(() => stack.close());

jest.setTimeout(180_000);

const instanceId = () => stack.output<string>("instanceId");

/** Has the program give more arguments. */
function declare(...lines: string[]): void {
  const more = lines.map((line) => `  ${line},\n`).join("");
  writeFileSync(path.join(stack.folder, "index.ts"), program.replace("  pbx: spec,", `${more}  pbx: spec,`));
}

/** Step 3 of docs/aws-restore.md, which lets the volume be replaced. */
async function unprotect(): Promise<void> {
  const [urn = ""] = /urn:pulumi:.*::pbx-data$/m.exec(await stack.run(["stack", "--show-urns"])) ?? [];
  expect(await stack.run(["state", "unprotect", "--yes", urn])).toContain("1 resources unprotected");
}

async function ids(...suffixes: string[]): Promise<Record<string, string | undefined>> {
  const resources = await stack.resources();
  return Object.fromEntries(
    suffixes.map((suffix) => [suffix, resources.find(({ urn }) => urn.endsWith(`::pbx-${suffix}`))?.id]),
  );
}

test.each<[string, () => Promise<string[]>, RegExp]>([
  [
    "that is not there",
    () => Promise.resolve(['dataSnapshotId: "snap-00000000000009999"']),
    /dataSnapshotId: snap-00000000000009999 was not found .*InvalidSnapshot.NotFound.* remove dataSnapshotId, and the volume stays/,
  ],
  [
    "that is not complete",
    async () => [`dataSnapshotId: "${stack.simulation.disks.backUp(await instanceId(), "pending")}"`],
    /dataSnapshotId: \S+ is pending; wait until it is there with `aws ec2 wait snapshot-completed --snapshot-ids snap-\d+`/,
  ],
  [
    "that is larger than the volume",
    () => Promise.resolve([`dataSnapshotId: "${night}"`, "dataGigabytes: 5"]),
    /dataGigabytes: 5 is less than the 10 GiB of snap-\d+; give at least 10/,
  ],
])("a snapshot %s is refused at preview: once, with path and cure, without a stack", async (_what, lines, words) => {
  declare(...(await lines()));
  const { code, stdout } = await stack.try(["preview"]);
  expect(code).not.toBe(0);
  const said = stdout.slice(stdout.indexOf("Diagnostics:")).replace(/\s+/g, " ");
  expect(said).toMatch(words);
  expect(said.match(/data(SnapshotId|Gigabytes): /g)).toHaveLength(1);
  expect(stdout).not.toMatch(/\n\s+at /);
});

test("while the volume is protected the preview refuses to replace it", async () => {
  declare(`dataSnapshotId: "${night}"`);
  const { code, stdout } = await stack.try(["preview"]);
  expect(code).not.toBe(0);
  expect(stdout).toMatch(/unable to replace resource "\S*::pbx-data"\s+as it is currently marked for protection/);
});

test("as docs/aws-restore.md says it, a new machine finds what was on the copy, at the same address; the old volume leaves a snapshot", async () => {
  const before = await ids("address", "instance", "data", "secret", "log-calls", "backups");
  await unprotect();
  declare();
  await stack.configure({ "aws-minimal:dataSnapshotId": night, "aws-minimal:generation": "2" });
  await stack.up();
  expect(stack.simulation.disks.read(await instanceId())).toBe(good);
  expect(stack.simulation.disks.snapshotsOf(spoiled).length).toBeGreaterThan(0);
  const after = await ids("address", "instance", "data", "secret", "log-calls", "backups");
  const changed = Object.keys(before).filter((name) => before[name] !== after[name]);
  expect(changed.sort()).toEqual(["data", "instance"]);
});

test("then the volume is protected as before, and nothing is left to do", async () => {
  await stack.up("--expect-no-changes");
  const data = (await stack.resources()).find(({ urn }) => urn.endsWith("::pbx-data")) as { protect?: boolean };
  expect(data.protect).toBe(true);
});

test("once the copy has expired the preview says what to do, and without dataSnapshotId nothing changes", async () => {
  stack.simulation.disks.expire(night);
  expect((await stack.try(["preview"])).stdout.replace(/\s+/g, " ")).toContain(
    "remove dataSnapshotId, and the volume stays",
  );
  await stack.run(["config", "rm", "aws-minimal:dataSnapshotId"]);
  await stack.up("--expect-no-changes");
  expect(stack.simulation.disks.read(await instanceId())).toBe(good);
});

test("in another zone, when one is lost: network, machine and volume are made there, and the address stays", async () => {
  const copy = stack.simulation.disks.backUp(await instanceId());
  const before = await ids("address", "vpc", "subnet", "instance", "data", "log-calls");
  await unprotect();
  const given = { dataSnapshotId: copy, availabilityZone: "eu-central-1b", vpcCidr: "10.81.0.0/24", generation: "3" };
  await stack.configure(Object.fromEntries(Object.entries(given).map(([key, value]) => [`aws-minimal:${key}`, value])));
  await stack.up();
  expect(stack.simulation.disks.read(await instanceId())).toBe(good);
  const after = await ids("address", "vpc", "subnet", "instance", "data", "log-calls");
  const changed = Object.keys(before).filter((name) => before[name] !== after[name]);
  expect(changed.sort()).toEqual(["data", "instance", "subnet", "vpc"]);
  const address = stack.simulation.addresses.serving(String((await ids("address"))["address"]));
  expect(address["instanceId"]).toBe(await instanceId());
});
