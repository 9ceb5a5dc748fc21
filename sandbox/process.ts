import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, rmdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { namespaceFile, ownerOfNamespace, processMark } from "./layout";

/** One process of the machine, with the sandbox it belongs to. */
export interface OwnedProcess {
  readonly pid: number;
  /** See {@link startTimeOf}. */
  readonly started: number;
  /** The command line, words separated by blanks. */
  readonly command: string;
  /** The sandbox's name. */
  readonly sandbox: string;
}

/**
 * The processes that belong to any sandbox: by control group, by network namespace, or by the mark in their environment.
 * Read from `/proc`; this process and its ancestors are left out.
 */
export function ownedProcesses(): OwnedProcess[] {
  const namespaces = namespacesByInode();
  const spared = ancestors(process.pid);
  return readdirSync("/proc").flatMap((entry) => {
    const pid = Number(entry);
    // A zombie holds nothing any more; its parent, or the machine's first process, takes it away.
    const started = Number.isInteger(pid) ? startTimeOf(pid) : undefined;
    if (started === undefined || spared.has(pid)) return [];
    const sandbox = ownerByCgroup(pid) ?? namespaces.get(link(pid, "ns/net")) ?? ownerByMark(pid);
    return sandbox === undefined
      ? []
      : [{ pid, started, sandbox, command: text(pid, "cmdline").replaceAll("\0", " ").trim() }];
  });
}

/** When a process started, in clock ticks since boot; a process identifier alone may be used again. Undefined when it has ended. */
export function startTimeOf(pid: number): number | undefined {
  const stat = text(pid, "stat");
  // The second field is the command in parentheses and may itself hold blanks and parentheses (proc(5)).
  const [state = "X", ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return "ZX".includes(state) || stat === "" ? undefined : Number(fields[18]);
}

/** The first process of the PID namespace one level below ours among the members of a control group and of those within it. */
export function initOf(cgroup: string): number | undefined {
  return membersOf(cgroup).find((pid) => {
    const ids = /^NSpid:\s*(.*)$/m.exec(text(pid, "status"))?.[1]?.split(/\s+/) ?? [];
    return ids.length === 2 && ids[1] === "1";
  });
}

/** The processes of a control group and of all within it; none when it does not exist. */
export function membersOf(cgroup: string): number[] {
  try {
    const own = readFileSync(join(cgroup, "cgroup.procs"), "utf8").split("\n").filter(Boolean).map(Number);
    const within = readdirSync(cgroup, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return [...own, ...within.flatMap((entry) => membersOf(join(cgroup, entry.name)))];
  } catch {
    return [];
  }
}

/** Removes a control group and all within it; leaves what still has members. */
export function removeCgroup(cgroup: string): void {
  try {
    for (const entry of readdirSync(cgroup, { withFileTypes: true })) {
      if (entry.isDirectory()) removeCgroup(join(cgroup, entry.name));
    }
    rmdirSync(cgroup);
  } catch {
    return;
  }
}

/** How a process of a sandbox is started. */
export interface ServiceOptions {
  readonly sandbox: string;
  /** The control group it joins before it runs. */
  readonly cgroup: string;
  /** Takes standard output and standard error. */
  readonly log: string;
}

/** Starts a process of a sandbox in a session of its own; it outlives this one, inherits no environment, and bears the mark. */
export function startService(argv: readonly string[], options: ServiceOptions): ChildProcess {
  const log = openSync(options.log, "a", 0o600);
  const joinThenRun = 'echo $$ > "$1/cgroup.procs" && shift && exec "$@"';
  const child = spawn("sh", ["-c", joinThenRun, "sh", options.cgroup, ...argv], {
    cwd: "/",
    detached: true,
    stdio: ["ignore", log, log],
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", HOME: "/root", LANG: "C.UTF-8", [processMark]: options.sandbox },
  });
  child.unref();
  closeSync(log);
  return child;
}

/** The last 20 lines of a log. */
export function tailOf(log: string): string {
  return readFileSync(log, "utf8").trimEnd().split("\n").slice(-20).join("\n");
}

function namespacesByInode(): Map<string, string> {
  const found = new Map<string, string>();
  for (const namespace of listNamespaces()) {
    const inode = statSync(namespaceFile(namespace), { throwIfNoEntry: false })?.ino;
    const owner = ownerOfNamespace(namespace);
    if (owner !== undefined && inode !== undefined) found.set(`net:[${inode}]`, owner.name);
  }
  return found;
}

/** The named network namespaces of the machine (netns(8)). */
export function listNamespaces(): string[] {
  try {
    return readdirSync("/run/netns");
  } catch {
    return [];
  }
}

function ancestors(pid: number): Set<number> {
  const chain = new Set<number>();
  for (let at = pid; at > 0 && !chain.has(at);) {
    chain.add(at);
    at = Number(/^PPid:\s*(\d+)$/m.exec(text(at, "status"))?.[1] ?? 0);
  }
  return chain;
}

function ownerByCgroup(pid: number): string | undefined {
  return /\/hardened-asterisk-sandbox\/([a-z0-9]+)/.exec(text(pid, "cgroup"))?.[1];
}

function ownerByMark(pid: number): string | undefined {
  const mark = `${processMark}=`;
  return text(pid, "environ")
    .split("\0")
    .find((entry) => entry.startsWith(mark))
    ?.slice(mark.length);
}

function text(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}

function link(pid: number, file: string): string {
  try {
    return readlinkSync(`/proc/${pid}/${file}`);
  } catch {
    return "";
  }
}
