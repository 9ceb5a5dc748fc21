import { copyFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { CommandError } from "../../sandbox/command";
import { requireBuilder } from "../../sandbox/requirements";
import { ensureAsteriskPackage } from "./asterisk-package";
import { SourceError } from "./fetch-sources";
import { PinnedSourceError } from "./pinned-source";

interface Flags {
  readonly full: boolean;
  readonly source?: string;
  readonly sources?: string;
  readonly out?: string;
}

const abort = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    abort.abort(new Error(`ended by ${signal}; nothing is left of the build`));
  });

const progress = (line: string) => {
  process.stderr.write(`${line}\n`);
};

async function main({ full, source, sources, out }: Flags): Promise<void> {
  await requireBuilder(progress);
  const built = await ensureAsteriskPackage({
    progress,
    signal: abort.signal,
    full,
    ...(source === undefined ? {} : { source }),
    ...(sources === undefined ? {} : { own: sources }),
  });
  if (out !== undefined) mkdirSync(out, { recursive: true });
  for (const { path: file, sha256 } of built) {
    const shown = out === undefined ? file : path.resolve(out, path.basename(file));
    if (out !== undefined) copyFileSync(file, shown);
    process.stdout.write(`${sha256}  ${shown}\n`);
  }
}

new Command("npm run build:asterisk --")
  .description(
    "Builds Asterisk for Debian 13, which packages none, from Debian's own pinned source package: in a fresh Debian 13, without\n" +
      "network and without rights. Prints the sha256 and the path of the package. Built once; afterwards it is found in the cache.",
  )
  .option("--full", "all of Debian's packages instead, for a repository of your own", false)
  .option(
    "--source <file>",
    "other pinned sources, Debian's or upstream's tarballs (default: tools/asterisk-build/source.json)",
  )
  .option(
    "--sources <folder>",
    "take the source files from there instead of fetching them; their digests count as ever",
  )
  .option("--out <folder>", "copy the package there too")
  .addHelpText(
    "after",
    "\nNeeds root on a Debian machine and about 2 GB of disk. Give what it prints as `asteriskPackage`: docs/debian-13.md.",
  )
  .action(main)
  .parseAsync()
  .catch((error: unknown) => {
    process.exitCode = 1;
    process.stderr.write(`${words(abort.signal.aborted ? abort.signal.reason : error)}\n`);
  });

/** A fault of this program alone is told with its stack. */
function words(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const told = [CommandError, SourceError, PinnedSourceError].some((kind) => error instanceof kind);
  return told || abort.signal.aborted ? error.message : (error.stack ?? error.message);
}
