import { delimiter, dirname, join } from "node:path";

import { findCli, type Origin, type PulumiCli } from "./cli-binary";
import { Download } from "./download";
import { findCommandProvider, findLanguageHost, type Plugin } from "./plugins";
import type { Progress } from "./progress";
import { standIns } from "./stand-in";

export type { Origin, PulumiCli } from "./cli-binary";
export { EngineUnavailable } from "./failure";

/** A Pulumi CLI with what it needs to run this project's programs. */
export interface Engine {
  readonly pulumi: PulumiCli;
  readonly languageHost: { readonly path: string; readonly origin: Origin };
  readonly commandProvider: { readonly path: string; readonly origin: Origin };
  /** What to merge over `process.env` so that plain `pulumi preview|up|destroy` uses exactly these pieces. */
  readonly env: Record<string, string>;
  /** The folders that come before everything else on PATH; `env` has them already. */
  readonly folders: readonly string[];
}

/** How {@link ensureEngine} goes about it. */
export interface EngineOptions {
  /** Takes lines about what is being done. Default: none is told. */
  readonly progress?: Progress;
  /** Whether the official download may be used. Default: unless `HARDENED_ASTERISK_ENGINE_DOWNLOAD` is `off`. */
  readonly download?: boolean;
}

/**
 * Finds, downloads or builds a Pulumi engine: the CLI, the Node language host and the command provider.
 *
 * Official pieces are preferred; where one cannot be had, a stand-in from this folder serves and is named as one.
 *
 * @throws EngineUnavailable when there is no CLI and none can be had; the message says what to install.
 */
export async function ensureEngine(options: EngineOptions = {}): Promise<Engine> {
  const progress = options.progress ?? (() => undefined);
  const allowed = options.download ?? process.env["HARDENED_ASTERISK_ENGINE_DOWNLOAD"] !== "off";
  const download = new Download(allowed, progress);
  const cli = await findCli(download, progress);
  const host = findLanguageHost(cli);
  const provider = await findCommandProvider(cli, download, progress);
  return assemble(cli, host, provider, progress);
}

async function assemble(cli: PulumiCli, host: Plugin, provider: Plugin, progress: Progress): Promise<Engine> {
  const wanted = {
    languageHost: host.path === undefined,
    commandProvider: provider.path === undefined,
    // An official CLI must stay beside the language host it ships; ours gets the stand-in beside it.
    pulumi: cli.origin === "path" || host.path !== undefined ? undefined : cli.path,
  };
  const folder = wanted.languageHost || wanted.commandProvider ? await standIns(wanted, progress) : undefined;
  const inFolder = (name: string): string => join(folder ?? "", name);
  const pulumi = wanted.pulumi === undefined ? cli.path : inFolder("pulumi");
  const folders = [...new Set([...(folder === undefined ? [] : [folder]), dirname(pulumi)])];
  if (wanted.languageHost) progress("the language host is a stand-in of this project");
  if (wanted.commandProvider)
    progress("the command provider is a stand-in of this project: remote commands and copies of files only");
  return {
    pulumi: { ...cli, path: pulumi },
    languageHost: { path: host.path ?? inFolder("pulumi-language-nodejs"), origin: host.origin },
    commandProvider: { path: provider.path ?? inFolder("pulumi-resource-command"), origin: provider.origin },
    env: environment(folders, wanted.commandProvider),
    folders,
  };
}

/**
 * The folders come before everything on PATH. Automatic plugin downloads are switched off only where a stand-in serves:
 * there each would be five attempts at a site that has just been found out of reach.
 */
function environment(folders: readonly string[], standIn: boolean): Record<string, string> {
  return {
    PATH: [...new Set([...folders, ...(process.env["PATH"] ?? "").split(delimiter)])].join(delimiter),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...(standIn ? { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" } : {}),
  };
}
