import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { run, tryRun } from "../command";
import { startTimeOf } from "../process";
import { noteUse, prune } from "../prune";

/** How the folder of a build is named until it is whole; the number of the process that builds follows. */
const unfinished = ".building-";

/** How something is built, as root, by a script that is given a folder to build in. */
export interface Recipe {
  /** What is built and how long that takes, for the line of progress. */
  readonly title: string;
  /** Path of the script. */
  readonly script: string;
  /** Paths of the other files that it reads. Default: none. */
  readonly files?: readonly string[];
  /** The variables it reads; they and the files' content name what is built. */
  readonly variables: Readonly<Record<string, string>>;
  /** Minutes after which the build is given up. Default: 15. */
  readonly minutes?: number;
}

/** How {@link ensureBuilt} goes about it. */
export interface BuildOptions {
  readonly progress: (line: string) => void;
  /** Ends a build; nothing of it is left. */
  readonly signal?: AbortSignal | undefined;
  /** Recipes whose results are kept although nobody used them for a day. Default: that which is built. */
  readonly keep?: readonly Recipe[];
  /** Gives variables that the name does not depend on, such as a path; asked only before a build. Default: none. */
  readonly prepare?: () => Promise<Readonly<Record<string, string>>>;
}

/** A folder of this project's cache: `$XDG_CACHE_HOME` or `~/.cache`, then `hardened-asterisk` and its name. */
export function cacheOf(name: "images" | "asterisk" | "sources"): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "hardened-asterisk", name);
}

/**
 * The folder in `cache` that holds what a recipe builds, built first when it is not there. One builder at a time; a result appears
 * whole or not at all. Raises a `CommandError` with the last lines of the build.
 */
export async function ensureBuilt(cache: string, recipe: Recipe, options: BuildOptions): Promise<string> {
  const { progress, signal, keep = [recipe] } = options;
  const finished = join(cache, nameOf(recipe));
  if (!existsSync(finished)) {
    const unhashed = (await options.prepare?.()) ?? {};
    mkdirSync(cache, { recursive: true, mode: 0o700 });
    const release = await lock(join(cache, ".lock"), progress, signal);
    try {
      if (!existsSync(finished)) await build(recipe, unhashed, finished, options);
      for (const old of prune(cache, /^[0-9a-f]{16}$/, keep.map(nameOf)))
        progress(`removed ${old} from ${cache}, unused for a day`);
    } finally {
      release();
    }
  }
  noteUse(finished);
  return finished;
}

/** Names a recipe's folder in the cache: 16 hex digits. */
export function nameOf({ script, files = [], variables }: Recipe): string {
  const hash = createHash("sha256").update(JSON.stringify(variables));
  for (const file of [script, ...files]) hash.update(readFileSync(file));
  return hash.digest("hex").slice(0, 16);
}

async function build(
  recipe: Recipe,
  unhashed: Readonly<Record<string, string>>,
  finished: string,
  { progress, signal }: BuildOptions,
): Promise<void> {
  const cache = dirname(finished);
  for (const entry of readdirSync(cache)) {
    if (entry.startsWith(unfinished)) rmSync(join(cache, entry), { recursive: true, force: true });
  }
  const building = join(cache, `${unfinished}${process.pid}`);
  mkdirSync(building, { mode: 0o755 });
  progress(`building ${recipe.title}`);
  const spaces = ["--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc"];
  try {
    await run(["setpriv", "--pdeathsig", "KILL", "unshare", ...spaces, "sh", recipe.script, building], {
      timeout: (recipe.minutes ?? 15) * 60_000,
      env: { PATH: path(), ...recipe.variables, ...unhashed, MIRROR: await mirror(), HOME: "/root", ...proxy() },
      onOutput: byLine(progress),
      signal,
      // unshare lets any other signal wait until the build has ended.
      killSignal: "SIGKILL",
    });
    renameSync(building, finished);
  } catch (error) {
    rmSync(building, { recursive: true, force: true, maxRetries: 10 });
    throw error;
  }
}

/** Removes what processes that were killed in the middle of a build have left in the caches. */
export function discardDeadBuilds(): void {
  for (const cache of [cacheOf("images"), cacheOf("asterisk")].filter((folder) => existsSync(folder)))
    for (const entry of readdirSync(cache))
      if (entry.startsWith(unfinished) && startTimeOf(Number(entry.slice(unfinished.length))) === undefined)
        rmSync(join(cache, entry), { recursive: true, force: true, maxRetries: 10 });
}

function path(): string {
  return `${process.env.PATH ?? ""}:/usr/sbin:/sbin`;
}

function proxy(): NodeJS.ProcessEnv {
  const { http_proxy, https_proxy, no_proxy } = process.env;
  return { http_proxy, https_proxy, no_proxy };
}

/** The Debian mirror this machine itself uses, or the one `HARDENED_ASTERISK_MIRROR` names where this is not a Debian machine. */
export async function mirror(): Promise<string> {
  const { stdout } = await tryRun(["apt-get", "indextargets", "--format", "$(REPO_URI)"]);
  const own = stdout.split("\n").find((uri) => /^https?:\/\/.*\/debian\/?$/.test(uri));
  const named = process.env["HARDENED_ASTERISK_MIRROR"] ?? own;
  if (named === undefined)
    throw new Error(
      "No Debian mirror is known here: this machine's apt has none. Name one in HARDENED_ASTERISK_MIRROR, such as http://MIRROR/debian.",
    );
  return named.replace(/\/$/, "");
}

function byLine(progress: (line: string) => void): (text: string) => void {
  let rest = "";
  return (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (/^(I|E): (?!running --customize)|^\w\w+: /.test(line)) progress(line);
  };
}

/** Takes an exclusive lock that the kernel gives back when this process ends, however it ends. */
function lock(file: string, progress: (line: string) => void, signal?: AbortSignal): Promise<() => void> {
  const holder = spawn("flock", [file, "sh", "-c", "echo locked; read _"], { stdio: "pipe", signal });
  const waiting = setTimeout(() => {
    progress(`waiting for another process that builds here (${file})`);
  }, 1000);
  return new Promise((resolve, reject) => {
    holder.once("error", reject);
    holder.stdin.on("error", () => undefined);
    holder.stdout.once("data", () => {
      resolve(() => holder.stdin.end());
    });
    holder.once("exit", () => {
      reject(new Error(`the lock ${file} cannot be taken: remove that file if no build is running`));
    });
  }).finally(() => {
    clearTimeout(waiting);
  }) as Promise<() => void>;
}
