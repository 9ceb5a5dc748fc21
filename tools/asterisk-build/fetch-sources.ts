import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { sha256 } from "../../core/sha256";
import { tryRun } from "../../sandbox/command";
import { mirror } from "../../sandbox/image/recipe";
import type { PinnedSource } from "./pinned-source";

/** Debian's own fetcher: it takes the proxy and the certificates that apt takes, and verifies the digest. */
const fetcher = "/usr/lib/apt/apt-helper";

/** Raised when a file cannot be had, or is not the one that was pinned. */
export class SourceError extends Error {}

/** sha256 of a file, in hex. */
export function digestOfFile(file: string): string {
  return sha256(readFileSync(file));
}

/**
 * Puts every pinned file into `folder`, out of `own` (a folder of files at hand) or from the pinned places; one whose digest is right
 * is kept. @throws SourceError naming the file, what was tried and what to do.
 */
export async function fetchSources(
  { files, places }: PinnedSource,
  folder: string,
  own: string | undefined,
  progress: (line: string) => void,
): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, sha256] of Object.entries(files)) {
    const file = path.join(folder, name);
    if (existsSync(file) && digestOfFile(file) === sha256) continue;
    if (own !== undefined && existsSync(path.join(own, name))) take(path.join(own, name), file, sha256);
    else await download(name, file, sha256, places, progress);
  }
}

function take(from: string, file: string, sha256: string): void {
  copyFileSync(from, `${file}.new`);
  const found = digestOfFile(`${file}.new`);
  if (found !== sha256) {
    rmSync(`${file}.new`);
    throw new SourceError(`${from}: its sha256 is ${found}, pinned is ${sha256}; give the file that was pinned`);
  }
  renameSync(`${file}.new`, file);
}

async function download(
  name: string,
  file: string,
  sha256: string,
  places: readonly string[],
  progress: (line: string) => void,
): Promise<void> {
  const tried: string[] = [];
  for (const place of places) {
    const url = `${place.replace("$MIRROR", place.includes("$MIRROR") ? await mirror() : "")}/${name}`;
    progress(`fetching ${url}`);
    const part = `${file}.part`;
    const options = ["-o", "Acquire::Retries=2", "-o", "Acquire::http::Timeout=30", "-o", "APT::Sandbox::User=root"];
    const result = await tryRun([fetcher, ...options, "download-file", url, part, `SHA256:${sha256}`], {
      timeout: 600_000,
    });
    if (result.code === 0) take(part, file, sha256);
    rmSync(part, { force: true });
    if (result.code === 0) return;
    const words = (result.stdout + result.stderr).split("\n").filter((line) => /^[EW]: |Hash Sum/.test(line));
    tried.push(`  ${url}: ${words.at(-1) ?? `apt-helper ended with ${String(result.code)}`}`);
  }
  throw new SourceError(
    `${name} could not be fetched:\n${tried.join("\n")}\nput it into a folder and give that with --sources, or pin a newer source`,
  );
}
