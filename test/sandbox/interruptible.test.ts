import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../../sandbox/host";
import { leftoversInLedger, withLedger } from "../../sandbox/ledger";
import { countLeftovers } from "../../sandbox/leftovers";
import { startTimeOf } from "../../sandbox/process";
import { downAll } from "../../sandbox/sandbox";
import { Installation } from "../../tools/operator/installation";
import { PbxStack } from "../../tools/operator/stack";

jest.setTimeout(180_000);

const root = join(__dirname, "../..");
const prefix = `t${process.pid}i`;
const deaf = "test/sandbox/parts/deaf.ts";
let folder: string;
let ledger: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hardened-asterisk-interruptible-"));
  ledger = join(folder, "sandboxes");
});
afterEach(async () => {
  await Installation.remove(`${prefix}a`);
  await downAll(prefix);
  rmSync(folder, { recursive: true });
});

/** A program of this clone that runs, what it has said so far, and its status once it has ended. */
interface Program {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  /** Waits until it has said this. */
  readonly says: (words: string) => Promise<string>;
}

function start(...argv: readonly string[]): Program {
  const env = withLedger(ledger);
  const child = spawn(process.execPath, ["--import", "tsx", ...argv], { cwd: root, env, stdio: "pipe" });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  const says = async (words: string) => {
    const missing = () => Promise.resolve(said.includes(words) || child.exitCode !== null ? undefined : "not yet");
    expect(await until(120_000, missing)).toBeUndefined();
    expect(said).toContain(words);
    return said;
  };
  return { child, ended, says };
}

/** Those of the processes named in its words that live. */
const alive = (said: string) =>
  [...said.matchAll(/(?:worker|child) (\d+)/g)].map(([, pid]) => Number(pid)).filter((pid) => startTimeOf(pid));

it("leaves nothing of the arena when the attacks are interrupted", async () => {
  const name = `${prefix}a`;
  const attacks = start("tools/bench/attacks.ts", "--name", name, "--only", "malformed");
  await attacks.says("booting");
  expect((await countLeftovers(name)).length).toBeGreaterThan(3);
  attacks.child.kill("SIGINT");
  const status = await attacks.ended;
  expect(leftoversInLedger(ledger)).toEqual([]);
  expect([`/run/hardened-asterisk-installation-${name}`, PbxStack.configFile(name)].filter(existsSync)).toEqual([]);
  expect(status).toBe(130);
});

it("ends what takes no signal, with all it started, and removes its sandbox", async () => {
  const program = start(deaf, `${prefix}b`);
  const said = await program.says("begun");
  expect(leftoversInLedger(ledger).length).toBeGreaterThan(3);
  expect(alive(said)).toHaveLength(2);
  program.child.kill("SIGTERM");
  expect(await program.ended).toBe(143);
  expect(leftoversInLedger(ledger)).toEqual([]);
  expect(alive(said)).toEqual([]);
});

it("ends at once at the second signal, whatever it is removing", async () => {
  const program = start(deaf, `${prefix}c`, "stuck");
  const said = await program.says("begun");
  program.child.kill("SIGINT");
  await program.says("removing what was made");
  const again = setInterval(() => program.child.kill("SIGINT"), 100);
  expect(await program.ended).toBe(130);
  clearInterval(again);
  expect(await until(5000, () => Promise.resolve(alive(said)[0]))).toBeUndefined();
});
