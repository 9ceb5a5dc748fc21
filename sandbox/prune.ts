import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";

const day = 24 * 3600 * 1000;

/** Notes that an entry of a cache is used now, so that {@link prune} spares it for a day. */
export function noteUse(entry: string): void {
  const now = new Date();
  utimesSync(entry, now, now);
}

/**
 * Removes the entries of a cache folder whose name matches, that are not to be kept, and that nobody has used for a day (see
 * {@link noteUse}). What is mounted stays: a running sandbox lies over its image. Returns the names of what was removed.
 */
export function prune(folder: string, pattern: RegExp, keep: readonly string[] = []): string[] {
  const unused = readdirSync(folder).filter((name) => {
    const used = statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs;
    if (!pattern.test(name) || keep.includes(name) || used === undefined) return false;
    return used < Date.now() - day && !isMounted(join(folder, name));
  });
  for (const name of unused) rmSync(join(folder, name), { recursive: true, force: true });
  return unused;
}

function isMounted(entry: string): boolean {
  const mounts = "/proc/self/mounts";
  // Besides mount points this finds the layers of overlays, which stand among the options.
  return existsSync(mounts) && readFileSync(mounts, "utf8").includes(`${entry}/`);
}
