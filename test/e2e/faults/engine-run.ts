import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import type { PbxStack } from "../../../tools/operator/stack";

/** A `pulumi up` that can be killed with everything it started. */
export interface EngineRun {
  readonly ended: Promise<void>;
  /** SIGKILL to the engine and all its descendants at once. Returns how many processes that were. */
  readonly kill: () => number;
}

/** Starts `pulumi up` of a stack without waiting for it. */
export function startUp(stack: PbxStack, name: string): EngineRun {
  const [command = "", ...args] = stack.argv(["up", "--yes", "--skip-preview", "--stack", name]);
  const engine = spawn(command, args, { env: stack.env, stdio: "ignore" });
  const ended = new Promise<void>((resolve, reject) => {
    engine.once("error", reject);
    engine.once("exit", () => {
      resolve();
    });
  });
  const kill = () => {
    const tree = engine.pid === undefined ? [] : [engine.pid, ...descendantsOf(engine.pid)];
    // Stopped first, so that none of them sees another one end and tidies up.
    for (const signal of ["SIGSTOP", "SIGKILL"] as const) for (const pid of tree) process.kill(pid, signal);
    return tree.length;
  };
  return { ended, kill };
}

/** Every process that descends from `pid`, read from `/proc`. */
export function descendantsOf(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const parent = parentOf(Number(entry));
    children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const below = (one: number): number[] => (children.get(one) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(pid);
}

function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field, the command in parentheses, may itself hold blanks and parentheses (proc(5)).
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return -1;
  }
}
