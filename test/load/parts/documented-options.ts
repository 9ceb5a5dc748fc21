import path from "node:path";
import { readFileSync } from "node:fs";
import { CommandError } from "../../../sandbox/command";
import { readConf, typeOf, type Section } from "./conf-file";
import type { StagedHost } from "./staged-host";

/** The options the installed documentation knows: file → object → options. */
export type DocumentedOptions = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

const documentation = "/usr/share/asterisk/documentation/core-en_US.xml";

/** Asks the image's own Python for what the installed Asterisk documents; raises a `CommandError` when it cannot tell. */
export async function documentedOptions(host: StagedHost): Promise<DocumentedOptions> {
  const argv = ["python3", "-", documentation];
  const result = await host.run(argv, { input: readFileSync(path.join(__dirname, "documented-options.py"), "utf8") });
  if (result.code !== 0) throw new CommandError(argv, result);
  return JSON.parse(result.stdout) as DocumentedOptions;
}

/** Options of a file that the documentation does not know, as `file [section] key`. Raises an `Error` for an undocumented object. */
export function unknownOptions(file: string, text: string, known: DocumentedOptions): string[] {
  const objects = known[documentedAs(file)];
  if (objects === undefined) throw new Error(`${file} is not documented`);
  return readConf(text).flatMap((section) => {
    const allowed = objectOf(section, objects);
    return section.options
      .filter(({ key }) => allowed === undefined || !allowed.includes(key))
      .map(({ key }) => `${file} [${section.name}] ${key}`);
  });
}

/** The file under whose name the documentation has a file's options. */
export function documentedAs(file: string): string {
  return file === "pjsip_transports.conf" ? "pjsip.conf" : file;
}

function objectOf(
  section: Section,
  objects: Readonly<Record<string, readonly string[]>>,
): readonly string[] | undefined {
  const type = typeOf(section);
  if (type !== undefined) return objects[type];
  // The documentation calls some files' [general] section global or globals.
  const names = section.name === "general" ? ["general", "global", "globals"] : [section.name];
  return names.map((name) => objects[name]).find((found) => found !== undefined);
}
