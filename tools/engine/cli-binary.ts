import { join } from "node:path";

import { tryRun } from "../../sandbox/command";
import { Download } from "./download";
import { onPath } from "./executables";
import { buildCli, builtCli } from "./go-build";
import type { Progress } from "./progress";
import { OLDEST_MINOR, PULUMI_VERSION } from "./versions";

/** Where a piece of the engine comes from. */
export type Origin = "path" | "cache" | "download" | "built" | "stand-in";

/** A usable Pulumi CLI. */
export interface PulumiCli {
  readonly path: string;
  readonly version: string;
  readonly origin: Origin;
}

/**
 * Finds a Pulumi CLI: on PATH, in the cache, by the official download, or built from its Go module, in this order.
 *
 * @throws EngineUnavailable when none of them gives one.
 */
export async function findCli(download: Download, progress: Progress): Promise<PulumiCli> {
  const found = onPath("pulumi");
  const version = found === undefined ? undefined : await cliVersion(found);
  if (found !== undefined && version !== undefined) {
    if (isUsable(version)) return { path: found, version, origin: "path" };
    progress(`${found} is version ${version}; this project needs 3.${String(OLDEST_MINOR)} or a later 3.x`);
  }
  const missing = found === undefined ? "none is on PATH" : `${found} is not usable`;
  return cachedCli() ?? (await newCli(missing, download, progress));
}

function cachedCli(): PulumiCli | undefined {
  const official = Download.installed();
  const path = official === undefined ? builtCli() : join(official, "pulumi");
  return path === undefined ? undefined : { path, version: PULUMI_VERSION, origin: "cache" };
}

async function newCli(missing: string, download: Download, progress: Progress): Promise<PulumiCli> {
  const downloaded = await download.cli();
  if ("folder" in downloaded)
    return { path: join(downloaded.folder, "pulumi"), version: PULUMI_VERSION, origin: "download" };
  progress(downloaded.refusal);
  const path = await buildCli(`${missing}, ${downloaded.refusal}`, progress);
  return { path, version: PULUMI_VERSION, origin: "built" };
}

/** The version a CLI reports, without its leading v; undefined when it does not run. */
async function cliVersion(path: string): Promise<string | undefined> {
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const { code, stdout } = await tryRun([path, "version"], { env, timeout: 20_000 });
  return code === 0 ? stdout.trim().replace(/^v/, "") : undefined;
}

function isUsable(version: string): boolean {
  const [major, minor] = version.split(".").map(Number);
  return major === 3 && minor !== undefined && minor >= OLDEST_MINOR;
}
