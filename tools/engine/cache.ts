import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { noteUse, prune } from "../../sandbox/prune";
import type { Progress } from "./progress";

/** Milliseconds between two looks at a lock another process holds, and how long to look before giving up. */
const LOCK_POLL = 500;
const LOCK_DEADLINE = 30 * 60_000;

/** The engine's folder in the user's cache: `$XDG_CACHE_HOME` or `~/.cache`, below it `hardened-asterisk/engine`. */
export function cacheFolder(): string {
  const xdg = process.env["XDG_CACHE_HOME"];
  const base = xdg !== undefined && xdg.startsWith("/") ? xdg : join(homedir(), ".cache");
  return join(base, "hardened-asterisk", "engine");
}

/** The first 16 hexadecimal digits of the SHA-256 over the given texts. */
export function digest(...texts: readonly (string | Buffer)[]): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(String(text.length)).update(" ").update(text);
  return hash.digest("hex").slice(0, 16);
}

/**
 * The folder `name` of the cache, made by `build` in a scratch folder beside it if it is not there yet. It appears whole
 * or not at all. One process builds at a time; the others wait for it and use its result.
 *
 * @throws whatever `build` throws; the scratch folder is removed then.
 */
export async function cached(
  name: string,
  build: (scratch: string) => Promise<void>,
  progress: Progress,
): Promise<string> {
  const folder = join(cacheFolder(), name);
  if (existsSync(folder)) {
    noteUse(folder);
    return folder;
  }
  mkdirSync(cacheFolder(), { recursive: true, mode: 0o700 });
  const unlock = await lock(`${folder}.lock`, progress);
  const scratch = `${folder}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    if (existsSync(folder)) return folder;
    mkdirSync(scratch, { mode: 0o700 });
    await build(scratch);
    renameSync(scratch, folder);
    prune(cacheFolder(), /^(cli|stand-in|pebble|moto|python)-[0-9a-f]{16}$/);
    return folder;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    unlock();
  }
}

/** Takes a lock file; one whose holder no longer lives is taken over. A race there costs a second build, never a wrong one. */
async function lock(path: string, progress: Progress): Promise<() => void> {
  const deadline = Date.now() + LOCK_DEADLINE;
  for (let told = 0; ;) {
    try {
      writeFileSync(path, String(process.pid), { flag: "wx", mode: 0o600 });
      return () => {
        rmSync(path, { force: true });
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const holder = lockHolder(path);
    if (holder === undefined) rmSync(path, { force: true });
    else if (Date.now() > deadline)
      throw new Error(`process ${String(holder)} has held ${path} for 30 minutes: end it, or remove that file`);
    else if (Date.now() - told > 10_000) {
      progress(`process ${String(holder)} is preparing the engine; waiting for it`);
      told = Date.now();
    }
    await pause(LOCK_POLL);
  }
}

/** The living process that holds a lock; undefined when there is none, or the file is gone. */
function lockHolder(path: string): number | undefined {
  try {
    const text = readFileSync(path, "utf8");
    // Between its creation and the first byte a lock is empty: young ones belong to somebody.
    if (text === "") return Date.now() - statSync(path).mtimeMs < 5_000 ? 0 : undefined;
    process.kill(Number(text), 0);
    return Number(text);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM" ? 0 : undefined;
  }
}
