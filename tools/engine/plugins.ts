import { realpathSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

import type { Origin, PulumiCli } from "./cli-binary";
import type { Download } from "./download";
import { isExecutable, onPath } from "./executables";
import type { Progress } from "./progress";
import { COMMAND_VERSION } from "./versions";

/** A plugin of the CLI and where it comes from; `path` is undefined where a stand-in is still to be made. */
export interface Plugin {
  readonly path: string | undefined;
  readonly origin: Origin;
}

/** The language host for Node: beside the CLI (official installations ship it there), on PATH, else a stand-in. */
export function findLanguageHost(cli: PulumiCli): Plugin {
  const name = "pulumi-language-nodejs";
  const beside = join(dirname(realpathSync(cli.path)), name);
  if (isExecutable(beside)) return { path: beside, origin: cli.origin };
  const path = onPath(name);
  return path === undefined ? { path, origin: "stand-in" } : { path, origin: "path" };
}

/** The command provider: on PATH, among the CLI's plugins, by the official download, else a stand-in. */
export async function findCommandProvider(cli: PulumiCli, download: Download, progress: Progress): Promise<Plugin> {
  const path = onPath("pulumi-resource-command");
  if (path !== undefined) return { path, origin: "path" };
  const installed = installedProvider();
  if (isExecutable(installed)) return { path: installed, origin: "cache" };
  const refusal = await download.commandProvider(cli.path);
  if (refusal === undefined && isExecutable(installed)) return { path: installed, origin: "download" };
  progress(`no official command provider: ${refusal ?? `it is not at ${installed}`}`);
  return { path: undefined, origin: "stand-in" };
}

/** Where the CLI keeps the command provider: below `$PULUMI_HOME`, by default `~/.pulumi`. */
function installedProvider(): string {
  const home = process.env["PULUMI_HOME"] ?? join(homedir(), ".pulumi");
  return join(home, "plugins", `resource-command-v${COMMAND_VERSION}`, "pulumi-resource-command");
}
