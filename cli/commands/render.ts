import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Command, Option } from "commander";
import { readTemplates } from "../../components/read-templates";
import type { BundleFile } from "../../core/bundle/bundle";
import { perimeterRules } from "../../core/bundle/perimeter";
import { renderBundle } from "../../core/bundle/render-bundle";
import type { PbxProfile } from "../../core/profile/profile";
import { perimeterNft } from "../perimeter/nft";
import { perimeterTable } from "../perimeter/table";
import { profileOf, type HostKind } from "../profile-of";
import { asCliError } from "../read-input";
import { readSpec } from "../read-spec";
import { CliError, exitCode, type Terminal } from "../terminal";

const examples = `
Examples:
  hardened-asterisk render spec.yaml               show every file
  hardened-asterisk render Pulumi.office.yaml out  write them below out/
  diff -r before out                               what a change of the spec does
  hardened-asterisk render --aws spec.yaml         the files of a host on AWS
  hardened-asterisk render spec.yaml --perimeter   what a firewall in front of the host
                                                   has to let through, and why
  hardened-asterisk render spec.yaml --perimeter nft > perimeter.nft
  nft -c -D pbx=203.0.113.10 -f perimeter.nft      the same for a Linux firewall; -c checks only

Values that only the host knows stand as <phone.reception.user>; with --aws, STACK and
NAME are those of stack and component. Exit code 2: the spec is refused, with every
reason; 3: there is no such file.`;

const perimeterForms = { table: perimeterTable, nft: perimeterNft };

/** What `render` may be told beside spec and folder. */
interface RenderOptions extends HostKind {
  readonly perimeter?: keyof typeof perimeterForms;
}

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
    .option("--aws", "as for a host of AwsAsteriskHost, whose spec names no admins")
    .addOption(
      new Option("--perimeter [form]", "instead of files: the rules for a firewall in front of the host")
        .choices(Object.keys(perimeterForms))
        .preset("table"),
    )
    .addHelpText("after", examples)
    .action(async (file: string, folder: string | undefined, options: RenderOptions) => {
      if (options.perimeter !== undefined && folder !== undefined)
        throw new CliError(
          `--perimeter prints its rules; leave out ${folder}, or send them there with >`,
          exitCode.refused,
        );
      const source = await readSpec(file, terminal);
      const profile = profileOf(source, options, terminal);
      if (options.perimeter !== undefined) terminal.print(perimeterForms[options.perimeter](perimeterRules(profile)));
      else if (folder === undefined) terminal.print(listing(filesOf(profile)));
      else terminal.print(`${write(filesOf(profile), folder)} files written below ${folder}\n`);
    });
}

function filesOf(profile: PbxProfile): readonly BundleFile[] {
  const { files } = renderBundle(profile, readTemplates());
  return [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function textOf({ content }: BundleFile): string {
  return content.map((piece) => (typeof piece === "string" ? piece : `<${piece.ref}>`)).join("");
}

function listing(files: readonly BundleFile[]): string {
  return files.map((file) => `==> ${file.path} ${file.owner}:${file.group} ${file.mode}\n${textOf(file)}\n`).join("");
}

/** Writes the files below a folder that is empty or not there yet; returns how many. */
function write(files: readonly BundleFile[], folder: string): number {
  try {
    mkdirSync(folder, { recursive: true });
    if (readdirSync(folder).length > 0)
      throw new CliError(`${folder}: is not empty; name a new folder, or empty this one first`, exitCode.refused);
    for (const file of files) {
      const target = path.join(folder, file.path);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, textOf(file), { mode: Number.parseInt(file.mode, 8) });
    }
    return files.length;
  } catch (error) {
    throw asCliError(error, folder);
  }
}
