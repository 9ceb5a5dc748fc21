import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { run, tryRun } from "../../sandbox/command";
import { sha256 } from "../../core/sha256";

const machine = path.join(__dirname, "data-volume/machine.py");
const python = path.join(__dirname, "../../host");
const vendor = "Amazon EC2\n";

let folder: string;
let machines = 0;
const loops: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "hardened-asterisk-volume-"));
  // What is written over another file system has to lie on one of its own.
  await run(["mount", "-t", "tmpfs", "-o", "size=256m", "tmpfs", folder]);
});

afterAll(async () => {
  for (const device of loops) await run(["losetup", "--detach", device]);
  await run(["umount", folder]);
  rmSync(folder, { recursive: true });
});

/** A volume as EC2 attaches it: blank, or with what `fill` puts on it. */
async function volume(fill?: (device: string) => Promise<unknown>): Promise<{ device: string; image: string }> {
  const image = path.join(folder, `volume-${loops.length}`);
  await run(["truncate", "--size=24M", image]);
  const device = (await run(["losetup", "--find", "--show", image])).trim();
  loops.push(device);
  await fill?.(device);
  return { device, image };
}

/** A master boot record with one Linux partition. */
function partitionTable(): Buffer {
  const record = Buffer.alloc(512);
  record.writeUInt8(0x83, 446 + 4);
  record.writeUInt32LE(2048, 446 + 8);
  record.writeUInt32LE(4096, 446 + 12);
  record.writeUInt16LE(0xaa55, 510);
  return record;
}

interface Attached {
  readonly refused?: string;
  readonly said?: readonly string[];
  readonly mounted?: Readonly<Record<string, number>>;
  readonly waited: number;
}

/** A new machine, on which actions run one after the other; its mounts end with it. */
function newMachine(given: { volumes: readonly string[]; vendor?: string }) {
  const own = path.join(folder, `machine-${machines++}`);
  const input = JSON.stringify({ vendor, python, ...given });
  return async (...actions: readonly ("attach" | "live" | "look")[]) => {
    const words = ["unshare", "--mount", "--propagation", "private", "python3", machine, own, ...actions];
    const { code, stdout, stderr } = await tryRun(words, { input });
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as [Attached, ...unknown[]];
  };
}

test("a blank volume is formatted once, and a machine in the first one's place finds everything on it", async () => {
  const { device } = await volume();
  const first = newMachine({ volumes: [device] });
  const [attached] = await first("attach");
  expect(attached.refused).toBeUndefined();
  const [, , , again] = await first("attach", "live", "look", "attach");
  expect(attached.said?.[0]).toBe(`formatting the new data volume ${device}`);
  expect(Object.values(attached.mounted ?? {})).toEqual([1, 1, 1, 1, 1, 1]);
  expect(again).toMatchObject({ said: [], mounted: attached.mounted });
  const second = newMachine({ volumes: [device] });
  const [found, seen] = await second("attach", "look");
  expect(found.said).toEqual(["the data volume is mounted at /var/lib/hardened-asterisk-data"]);
  expect(seen).toEqual({
    files: {
      "/etc/hardened-asterisk/tls/ca.key": [0, "0o600"],
      "/var/lib/asterisk/astdb.sqlite3": [777, "0o640"],
      "/var/log/asterisk/calls.csv": [777, "0o640"],
    },
    user: "777:777",
    fstab: 1,
  });
}, 60_000);

test("a machine that boots again mounts the same, and its table of mounts does not grow", async () => {
  const { device } = await volume();
  const own = newMachine({ volumes: [device] });
  await own("attach", "live");
  const [attached, seen] = await own("attach", "look");
  expect(Object.values(attached.mounted ?? {})).toEqual([1, 1, 1, 1, 1, 1]);
  expect(seen).toMatchObject({ user: "777:777", fstab: 1 });
}, 60_000);

test.each<[string, (device: string) => Promise<unknown>]>([
  ["another file system", (device) => run(["mkfs.ext4", "-q", "-L", "family-photos", device])],
  ["a table of partitions", (device) => writeFile(device, partitionTable())],
])(
  "a volume with %s is refused and stays as it is",
  async (_, fill) => {
    const { device, image } = await volume(fill);
    const before = sha256(readFileSync(image));
    const [attached] = await newMachine({ volumes: [device] })("attach");
    expect(attached.refused).toContain("holds something that is not this PBX's; attach");
    expect(sha256(readFileSync(image))).toBe(before);
  },
  30_000,
);

test("two volumes are not guessed between, and a machine of EC2's without one is refused", async () => {
  const [one, two] = [await volume(), await volume()];
  const [both] = await newMachine({ volumes: [one.device, two.device] })("attach");
  expect(both.refused).toContain("2 volumes beside the machine's own");
  expect(sha256(readFileSync(one.image))).toBe(sha256(Buffer.alloc(24 << 20)));
  const [none] = await newMachine({ volumes: [] })("attach");
  expect(none).toEqual({ refused: expect.stringContaining("is not attached") as unknown, waited: 180 });
}, 30_000);

test("a machine that is none of EC2's is left as it is", async () => {
  const [attached, seen] = await newMachine({ volumes: [], vendor: "QEMU" })("attach", "look");
  expect(attached).toMatchObject({ said: [], waited: 0 });
  expect(seen).toMatchObject({ files: {}, fstab: 0 });
}, 30_000);
