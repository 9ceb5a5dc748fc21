import { parseDocument } from "yaml";
import { readInput } from "./read-input";
import { CliError, exitCode, type Terminal } from "./terminal";

/** What a file says about a PBX, not yet judged. */
export interface SpecSource {
  readonly spec: unknown;
  /** True for a stack configuration that sets `pbx:externalAddress`. */
  readonly externalAddress: boolean;
}

const most = 5;

/**
 * Reads a spec from a YAML or JSON file or from a stack's configuration (`Pulumi.<stack>.yaml`, under `pbx:spec`).
 * @throws CliError when the file cannot be read, is not YAML, or is a stack's configuration without a spec.
 */
export async function readSpec(file: string, terminal: Terminal): Promise<SpecSource> {
  const name = file === "-" ? "standard input" : file;
  const content = parseYaml(await readInput(file, terminal), name);
  if (!isRecord(content) || !isRecord(content["config"])) return { spec: content, externalAddress: false };
  const { config } = content;
  if (!Object.hasOwn(config, "pbx:spec"))
    throw new CliError(
      `${name}: its \`config\` has no \`pbx:spec\`; write the spec there, or give its own file`,
      exitCode.refused,
    );
  return { spec: config["pbx:spec"], externalAddress: config["pbx:externalAddress"] !== undefined };
}

function parseYaml(text: string, name: string): unknown {
  const document = parseDocument(text, { logLevel: "silent" });
  const faults = document.errors.map(({ message }) => message);
  try {
    if (faults.length === 0) return document.toJS();
  } catch (error) {
    faults.push(error instanceof Error ? error.message : String(error));
  }
  const shown = faults.slice(0, most).map((message) => `  ${message.trimEnd().slice(0, 500).replaceAll("\n", "\n  ")}`);
  const rest = faults.length > most ? [`  and ${faults.length - most} more`] : [];
  throw new CliError(`${name}: is not YAML or JSON:\n${[...shown, ...rest].join("\n")}`, exitCode.refused);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
