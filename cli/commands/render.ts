import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { readTemplates } from "../../components/read-templates";
import type { BundleFile } from "../../core/bundle/bundle";
import { renderBundle } from "../../core/bundle/render-bundle";
import { SpecError } from "../../core/issue";
import { asterisk22 } from "../../core/platform/asterisk/22";
import { debian14 } from "../../core/platform/os/debian-14";
import { resolveProfile } from "../../core/profile/resolve-profile";
import { parseSpec } from "../../core/spec/parse-spec";
import { asCliError } from "../read-input";
import { readSpec, type SpecSource } from "../read-spec";
import { CliError, exitCode, type Terminal } from "../terminal";

const examples = `
Examples:
  hardened-asterisk render spec.yaml               show every file
  hardened-asterisk render Pulumi.office.yaml out  write them below out/
  diff -r before out                               what a change of the spec does

Values that only the host knows stand as <phone.reception.user>. Exit code 2: the
spec is refused, with every reason; 3: there is no such file.`;

/** `hardened-asterisk render`: the files as they would lie on the host, without a host and without Pulumi. */
export function renderCommand(terminal: Terminal): Command {
  return new Command("render")
    .description("Shows or writes every file as it would lie on the host. Needs no host and no Pulumi.")
    .argument(
      "<spec>",
      "YAML or JSON file, Pulumi.<stack>.yaml with `pbx:spec` or `pbx:specFile`, or - for standard input",
    )
    .argument("[folder]", "where to write the files; new or empty (default: show them)")
    .option("--external-address", "as for a host whose public address is not its own")
    .addHelpText("after", examples)
    .action(async (file: string, folder: string | undefined, options: { externalAddress?: boolean }) => {
      const source = await readSpec(file, terminal);
      const external = source.externalAddress || options.externalAddress === true;
      const files = filesOf({ ...source, externalAddress: external }, terminal);
      if (folder === undefined) terminal.print(listing(files));
      else {
        write(files, folder);
        terminal.print(`${files.length} files written below ${folder}\n`);
      }
    });
}

function filesOf({ spec, externalAddress }: SpecSource, { warn }: Terminal): readonly BundleFile[] {
  const parsed = parseSpec(spec, new Date());
  if ("issues" in parsed) throw new CliError(new SpecError(parsed.issues).message, exitCode.refused);
  for (const { path: place, message } of parsed.warnings) warn(`warning: ${place}: ${message}\n`);
  const platform = { asterisk: asterisk22, os: debian14 };
  const { files } = renderBundle(resolveProfile(parsed.spec, { platform, externalAddress }), readTemplates());
  return [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function textOf({ content }: BundleFile): string {
  return content.map((piece) => (typeof piece === "string" ? piece : `<${piece.ref}>`)).join("");
}

function listing(files: readonly BundleFile[]): string {
  return files.map((file) => `==> ${file.path} ${file.owner}:${file.group} ${file.mode}\n${textOf(file)}\n`).join("");
}

function write(files: readonly BundleFile[], folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    if (readdirSync(folder).length > 0)
      throw new CliError(`${folder}: is not empty; name a new folder, or empty this one first`, exitCode.refused);
    for (const file of files) {
      const target = path.join(folder, file.path);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, textOf(file), { mode: Number.parseInt(file.mode, 8) });
    }
  } catch (error) {
    throw asCliError(error, folder);
  }
}
