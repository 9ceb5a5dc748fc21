import { Readable } from "node:stream";
import { buildProgram, runCli } from "../../cli/program";
import type { Terminal } from "../../cli/terminal";

const columns = 100;

function capture(): { terminal: Terminal; text: () => string } {
  let text = "";
  const print = (piece: string) => {
    text += piece;
  };
  return { terminal: { input: Readable.from([]), print, warn: print, columns }, text: () => text };
}

async function helpOf(args: readonly string[]): Promise<string> {
  const { terminal, text } = capture();
  await runCli([...args, "--help"], terminal);
  return text().trimEnd();
}

/** What the command line says of itself, one section for each command. */
export async function cliPage(): Promise<string> {
  const names = buildProgram(capture().terminal).commands.map((command) => command.name());
  const section = async (args: readonly string[]) => ["```text", await helpOf(args), "```", ""];
  const commands = await Promise.all(names.map(async (name) => [`## ${name}`, "", ...(await section([name]))]));
  return [
    "# The command `hardened-asterisk`",
    "",
    "Generated from its `--help` by `npm run generate`. It comes with the package: `npx hardened-asterisk`.",
    "The command of the same name on the PBX itself is in [operating.md](operating.md).",
    "",
    ...(await section([])),
    ...commands.flat(),
  ].join("\n");
}
