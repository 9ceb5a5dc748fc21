import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** How one run went. */
export interface Measured {
  readonly milliseconds: number;
  /** The most memory that the command and everything it started held at one look, in bytes of resident pages. */
  readonly peakBytes: number;
}

const pageBytes = 4096;
/** Milliseconds between two looks at the processes. */
const every = 100;

/** Runs a command to its end and measures it. @throws Error with its output unless it ends with 0. */
export function measureRun(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<Measured> {
  const [command = "", ...args] = argv;
  const started = performance.now();
  const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  child.stderr.on("data", (data: Buffer) => (output += data.toString()));
  let peakBytes = 0;
  const look = setInterval(() => {
    peakBytes = Math.max(peakBytes, residentBytes(child.pid ?? 0));
  }, every);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      clearInterval(look);
      if (code === 0) resolve({ milliseconds: performance.now() - started, peakBytes });
      else reject(new Error(`${argv.join(" ")} ended with ${String(code)}:\n${output}`));
    });
  });
}

/** Resident memory of a process and all its descendants; what they share counts once for each. */
function residentBytes(root: number): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const parent = / [A-Z] (\d+) /.exec(procFile(name, "stat").replace(/^.*\)/, ""))?.[1];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const belongs = (pid: number): boolean => {
    if (pid === root) return true;
    const parent = parents.get(pid);
    return parent !== undefined && parent > 1 && belongs(parent);
  };
  const pages = [...parents.keys()]
    .filter(belongs)
    .map((pid) => Number(procFile(String(pid), "statm").split(" ")[1] ?? 0));
  return pages.reduce((sum, one) => sum + one, 0) * pageBytes;
}

/** A file of /proc; empty when the process has ended meanwhile. */
function procFile(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
