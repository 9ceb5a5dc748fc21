import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { inNamespace } from "../../../sandbox/command";

/** A child process with piped standard streams. */
export type PeerProcess = ChildProcessWithoutNullStreams;

/**
 * Starts a program inside a network namespace. The kernel kills it when the process that started it ends, however that
 * ends (`setpriv --pdeathsig`), so that no peer outlives its test.
 */
export function startInNamespace(namespace: string, argv: readonly string[], cwd?: string): PeerProcess {
  const [command, ...args] = inNamespace(namespace, ["setpriv", "--pdeathsig", "KILL", "--", ...argv]);
  if (command === undefined) throw new Error("an empty command line cannot be run");
  const child = spawn(command, args, { stdio: "pipe", cwd });
  // A peer that has ended no longer reads its input; callers learn of it from its exit, not from EPIPE.
  child.stdin.on("error", () => undefined);
  return child;
}

/** Whether the child has ended. */
export function hasEnded(child: PeerProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Waits until the child has ended; after `grace` milliseconds (default 0) it is killed with SIGKILL. */
export async function endProcess(child: PeerProcess, grace = 0): Promise<void> {
  if (hasEnded(child) || child.pid === undefined) return;
  const ended = new Promise<void>((resolve) =>
    child.once("exit", () => {
      resolve();
    }),
  );
  const timer = setTimeout(() => child.kill("SIGKILL"), grace);
  await ended;
  clearTimeout(timer);
}

/** Asks `condition` every 10 ms until it holds; after `ms` milliseconds raises an error with what `explain` says. */
export async function waitUntil(condition: () => boolean, ms: number, explain: () => string): Promise<void> {
  const deadline = Date.now() + ms;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`${explain()} (waited ${ms} ms)`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
