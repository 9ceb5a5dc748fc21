import { chmodSync, linkSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { cached, digest } from "./cache";
import { COMMAND_VERSION, PULUMI_VERSION } from "./versions";
import type { Progress } from "./progress";

const SOURCES = join(__dirname, "stand-in");
/** The packages whose code becomes part of the bundles. */
const BUNDLED = ["@grpc/grpc-js", "@pulumi/pulumi", "google-protobuf", "ssh2", "esbuild"];

/** The stand-ins: executable, the source it is bundled from, and the version it reports; `+stand-in` names it as one. */
const STAND_INS = [
  { file: "pulumi-language-nodejs", entry: "language-host/main.ts", version: `${PULUMI_VERSION}+stand-in` },
  { file: "pulumi-resource-command", entry: "command/main.ts", version: `${COMMAND_VERSION}+stand-in` },
] as const;

/** Which stand-ins a folder shall hold, and the Pulumi CLI of ours that shall lie beside them, if any. */
export interface StandInFolder {
  readonly languageHost: boolean;
  readonly commandProvider: boolean;
  /** A CLI from our cache: the engine takes a language host that lies beside it without a warning. */
  readonly pulumi: string | undefined;
}

/** The folder in the cache that holds the wanted stand-ins, bundled from their sources if it is not there yet. */
export async function standIns(wanted: StandInFolder, progress: Progress): Promise<string> {
  const files = STAND_INS.filter(({ file }) =>
    file === "pulumi-language-nodejs" ? wanted.languageHost : wanted.commandProvider,
  );
  const key = digest(JSON.stringify([wanted, files, process.execPath, ...versions()]), ...sources());
  return cached(
    `stand-in-${key}`,
    async (scratch) => {
      await bundle(files, scratch);
      if (wanted.pulumi !== undefined) linkSync(wanted.pulumi, join(scratch, "pulumi"));
    },
    progress,
  );
}

async function bundle(files: readonly (typeof STAND_INS)[number][], folder: string): Promise<void> {
  const { build } = await import("esbuild");
  for (const { file, entry, version } of files) {
    const outfile = join(folder, file);
    await build({
      entryPoints: [join(SOURCES, entry)],
      outfile,
      bundle: true,
      minify: true,
      platform: "node",
      target: "node20",
      banner: { js: shebang() },
      define: { STAND_IN_VERSION: JSON.stringify(version) },
      // Both are optional native accelerators of ssh2: it looks for them and goes on without.
      external: ["cpu-features", "*.node"],
      logLevel: "error",
    });
    chmodSync(outfile, 0o700);
  }
}

/** The running Node by its path; a path the kernel could not take from a first line is looked for on PATH instead. */
function shebang(): string {
  return process.execPath.length < 120 && !/\s/.test(process.execPath)
    ? `#!${process.execPath}`
    : "#!/usr/bin/env node";
}

function sources(): Buffer[] {
  return readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .sort()
    .map((name) => readFileSync(join(SOURCES, name)));
}

function versions(): string[] {
  const { resolve } = createRequire(__filename);
  return BUNDLED.map((name) => readFileSync(packageFile(resolve, name), "utf8"));
}

/** A package's package.json, also of a package whose exports hide it. */
function packageFile(resolve: NodeJS.RequireResolve, name: string): string {
  const [path] = (resolve.paths(name) ?? [])
    .map((folder) => join(folder, name, "package.json"))
    .filter((file) => readable(file));
  if (path === undefined)
    throw new Error(`the package ${name} is not installed below ${dirname(SOURCES)}: run \`npm ci\``);
  return path;
}

function readable(file: string): boolean {
  try {
    readFileSync(file);
    return true;
  } catch {
    return false;
  }
}
