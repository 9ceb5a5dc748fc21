import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { leftoversInLedger, withLedger } from "../../sandbox/ledger";
import { countLeftovers } from "../../sandbox/leftovers";
import { downAll } from "../../sandbox/sandbox";

jest.setTimeout(120_000);

const prefix = `t${process.pid}l`;
const cli = [require.resolve("tsx/cli"), join(__dirname, "../../sandbox/cli.ts")];
let folder: string;
let ledger: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hardened-asterisk-ledger-"));
  ledger = join(folder, "sandboxes");
});
afterEach(async () => {
  await downAll(prefix);
  rmSync(folder, { recursive: true });
});

/** Brings a sandbox up in a process that is killed while the host boots, as a test is that runs out of time. */
async function killedUp(name: string, inLedger: string): Promise<void> {
  const up = spawn(process.execPath, [...cli, "up", "--name", name], {
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
    env: withLedger(inLedger),
  });
  const ended = new Promise((resolve) => up.once("exit", resolve));
  await new Promise<void>((resolve) => {
    up.stdout.on("data", (data: Buffer) => {
      if (data.toString().includes("booting")) resolve();
    });
    up.once("exit", resolve);
  });
  process.kill(-(up.pid ?? 0), "SIGKILL");
  await ended;
}

it("finds what a killed test leaves of its sandbox, and nothing of anybody else's", async () => {
  const [mine, other] = [`${prefix}m`, `${prefix}o`];
  await Promise.all([killedUp(mine, ledger), killedUp(other, join(folder, "another"))]);
  for (const name of [mine, other]) expect((await countLeftovers(name)).length).toBeGreaterThan(3);
  expect(leftoversInLedger(ledger).sort()).toEqual((await countLeftovers(mine)).sort());
  await downAll(mine);
  expect(leftoversInLedger(ledger)).toEqual([]);
});

it("does not count a sandbox that somebody else made later under the same name", async () => {
  const name = `${prefix}s`;
  await killedUp(name, ledger);
  expect(leftoversInLedger(ledger)).not.toEqual([]);
  await downAll(name);
  await killedUp(name, join(folder, "another"));
  expect((await countLeftovers(name)).length).toBeGreaterThan(3);
  expect(leftoversInLedger(ledger)).toEqual([]);
});
