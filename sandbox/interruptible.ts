import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import path from "node:path";
import { discardDeadBuilds } from "./image/recipe";
import { namesInLedger, withLedger } from "./ledger";

/** The environment variable that tells a process that it is the worker of its parent; its value is the parent's number. */
const workerOf = "HARDENED_ASTERISK_WORKER_OF";
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** Milliseconds in which npm passes on a Ctrl-C that the terminal has sent to all. */
const echo = 500;
/** How often, in milliseconds, a worker looks whether its parent still lives. */
const parentCheck = 1000;

/**
 * Does a program's `work` in a process of its own, which runs the same command line. Interrupted (Ctrl-C, SIGTERM, a closed
 * terminal), that process is killed with all it started, whatever it is just doing, and `remove` is called with the name of each
 * sandbox it made; a second Ctrl-C ends this process at once. The status is the work's, or 128 and the signal's number.
 *
 * Start such a program by `node --import tsx`: the command `tsx` kills one that has not taken a signal within 60 ms.
 */
export async function interruptible(
  work: () => Promise<void>,
  remove: (name: string) => Promise<unknown>,
): Promise<void> {
  const parent = process.ppid;
  if (process.env[workerOf] === String(parent)) {
    setInterval(() => {
      if (process.ppid !== parent) killGroup(process.pid);
    }, parentCheck).unref();
    return work();
  }
  const folder = mkdtempSync(path.join(tmpdir(), "hardened-asterisk-work-"));
  process.once("exit", () => {
    rmSync(folder, { recursive: true });
  });
  const ledger = path.join(folder, "sandboxes");
  const signal = await runWorker(withLedger(ledger));
  if (signal === undefined) return;
  process.exitCode = 128 + constants.signals[signal];
  await Promise.all(namesInLedger(ledger).map(remove));
  discardDeadBuilds();
}

/** Runs the worker to its end and takes over its status; returns the signal when it was one that ended it. */
async function runWorker(env: NodeJS.ProcessEnv): Promise<NodeJS.Signals | undefined> {
  const worker = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    // In a group of its own: a terminal's Ctrl-C does not reach it, and it can be killed with all it started.
    detached: true,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...env, [workerOf]: String(process.pid) },
  });
  let first: { readonly signal: NodeJS.Signals; readonly at: number } | undefined;
  const interrupt = (signal: NodeJS.Signals): void => {
    if (first !== undefined && performance.now() - first.at > echo) process.exit(128 + constants.signals[signal]);
    if (first !== undefined) return;
    first = { signal, at: performance.now() };
    process.stderr.write(`ended by ${signal}; removing what was made\n`);
    if (worker.pid !== undefined) killGroup(worker.pid);
  };
  for (const signal of signals) process.on(signal, interrupt);
  const [code, signal] = (await once(worker, "exit")) as [number | null, NodeJS.Signals | null];
  process.exitCode = code ?? 1;
  return first?.signal ?? signal ?? undefined;
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // It has ended by itself.
    return;
  }
}
