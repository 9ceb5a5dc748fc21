import path from "node:path";
import { parseSpecText, SpecTextError } from "../components/spec-text";
import { readInput } from "./read-input";
import { CliError, exitCode, type Terminal } from "./terminal";

/** What a file says about a PBX, not yet judged. */
export interface SpecSource {
  readonly spec: unknown;
  /** True for a stack configuration that sets `pbx:externalAddress`. */
  readonly externalAddress: boolean;
}

/**
 * Reads a spec from a YAML or JSON file or from a stack's configuration (`Pulumi.<stack>.yaml`, its `pbx:spec`, or the file that
 * its `pbx:specFile` names, which lies relative to it).
 * @throws CliError when a file cannot be read, is not YAML, or is a stack's configuration without a spec.
 */
export async function readSpec(file: string, terminal: Terminal): Promise<SpecSource> {
  const name = file === "-" ? "standard input" : file;
  const content = await readYaml(file, name, terminal);
  if (!isRecord(content) || !isRecord(content["config"])) return { spec: content, externalAddress: false };
  const { config } = content;
  const { "pbx:spec": spec, "pbx:specFile": specFile } = config;
  const externalAddress = config["pbx:externalAddress"] !== undefined;
  if ((spec === undefined) === (specFile === undefined))
    throw new CliError(
      `${name}: its \`config\` has ${spec === undefined ? "no `pbx:spec` and no" : "both `pbx:spec` and"} \`pbx:specFile\`; write the spec there, or name its own file`,
      exitCode.refused,
    );
  if (specFile === undefined) return { spec, externalAddress };
  if (typeof specFile !== "string")
    throw new CliError(`${name}: \`pbx:specFile\` must be the path of a file`, exitCode.refused);
  const place = path.resolve(file === "-" ? "." : path.dirname(file), specFile);
  return { spec: await readYaml(place, place, terminal), externalAddress };
}

async function readYaml(file: string, name: string, terminal: Terminal): Promise<unknown> {
  const text = await readInput(file, terminal);
  try {
    return parseSpecText(text, name);
  } catch (error) {
    throw error instanceof SpecTextError ? new CliError(error.message, exitCode.refused) : error;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
