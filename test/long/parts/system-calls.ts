import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { layoutOf } from "../../../sandbox/layout";
import { membersOf } from "../../../sandbox/process";
import { eventually } from "../../e2e/faults/settled";

/** One change to the disk, or one promise that changes are durable, in the order of the trace. */
export type DiskEvent =
  | { readonly kind: "create" | "fsync" | "unlink" | "mkdir"; readonly path: string }
  | { readonly kind: "rename"; readonly from: string; readonly path: string }
  | { readonly kind: "sync"; readonly path: "" };

const calls = "openat,rename,unlink,mkdir,fsync,fdatasync,sync";

/** Attaches strace(1) to the stopped process of a sandbox's host whose command line holds `word`, lets it go on, and returns the trace. */
export async function traceStopped(name: string, word: string, file: string): Promise<DiskEvent[]> {
  const cgroup = layoutOf(name).cgroup("pbx");
  const pid = membersOf(cgroup).find((one) => commandOf(one).includes(word));
  if (pid === undefined) throw new Error(`no process of ${name} has ${word} in its command line`);
  const tracer = spawn("strace", ["-qq", "-s", "4096", "-e", `trace=${calls}`, "-o", file, "-p", `${pid}`], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise<void>((resolve, reject) => {
    tracer.once("error", (error) => {
      reject(new Error("strace cannot be run; install Debian's package strace", { cause: error }));
    });
    tracer.once("exit", () => {
      resolve();
    });
  });
  await Promise.race([
    ended,
    eventually(10_000, () => Promise.resolve(tracerOf(pid) === 0 ? "not attached" : undefined)),
  ]);
  process.kill(pid, "SIGCONT");
  await ended;
  return readTrace(readFileSync(file, "utf8"));
}

/** Reads strace's lines; calls that failed are left out. Raises when there is none. */
export function readTrace(text: string): DiskEvent[] {
  const open = new Map<string, string>();
  const events = text.split("\n").flatMap((line): DiskEvent[] => {
    const [, call = "", rest = "", result = ""] = /^(\w+)\((.*)\)\s+= (-?\d+)/.exec(line) ?? [];
    if (call === "" || result.startsWith("-")) return [];
    const [first = "", second = ""] = [...rest.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1]);
    if (call === "openat") {
      open.set(result, first);
      return rest.includes("O_CREAT") ? [{ kind: "create", path: first }] : [];
    }
    if (call === "rename") return [{ kind: "rename", from: first, path: second }];
    if (call === "unlink" || call === "mkdir") return [{ kind: call, path: first }];
    if (call === "sync") return [{ kind: "sync", path: "" }];
    return [{ kind: "fsync", path: open.get(rest) ?? "" }];
  });
  if (events.length === 0) throw new Error("the trace is empty");
  return events;
}

const commandOf = (pid: number): string => readProc(pid, "cmdline").replaceAll("\0", " ");
const tracerOf = (pid: number): number => Number(/^TracerPid:\s*(\d+)/m.exec(readProc(pid, "status"))?.[1] ?? 0);

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
