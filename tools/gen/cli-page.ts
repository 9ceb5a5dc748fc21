import path from "node:path";
import { Readable } from "node:stream";
import { packageRoot } from "../../components/read-templates";
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
  const names = buildProgram(capture().terminal).commands.flatMap((command) => {
    const below = command.commands.map((one) => `${command.name()} ${one.name()}`);
    return below.length > 0 ? below : [command.name()];
  });
  const section = async (args: readonly string[]) => ["```text", await helpOf(args), "```", ""];
  const commands = await Promise.all(
    names.map(async (name) => [`## ${name}`, "", ...(await section(name.split(" ")))]),
  );
  const perimeter = await perimeterSection();
  return [
    "# The command `hardened-asterisk`",
    "",
    "Generated from its `--help` by `npm run generate`. It comes with the package: `npx hardened-asterisk`.",
    "The command of the same name on the PBX itself is in [operating.md](operating.md).",
    "",
    ...(await section([])),
    ...commands.flatMap((lines, index) => (names[index] === "render" ? [...lines, ...perimeter] : lines)),
  ].join("\n");
}

const spec = "test/golden/roaming/spec.yaml";

/** What `render --perimeter` says of one spec. */
async function perimeterSection(): Promise<string[]> {
  const { terminal, text } = capture();
  await runCli(["render", path.join(packageRoot(), spec), "--perimeter"], terminal);
  return [
    "### A firewall in front of the host",
    "",
    "The host has its own firewall and needs no other. Where one stands in front of it, such as a router or a cloud's security group,",
    "`--perimeter` says what that one has to let through, from the same numbers. Answers to what is let through go without saying.",
    `For \`${spec}\`:`,
    "",
    "```text",
    `$ hardened-asterisk render ${spec} --perimeter`,
    text().trimEnd(),
    "```",
    "",
    "With `--perimeter nft` it is a file for a Linux router: `nft -D pbx=203.0.113.10 -f perimeter.nft` loads it for the PBX at that address.",
    "It knows no bans, no pace and no proof of a phone, all of which stay the host's.",
    "",
  ];
}
