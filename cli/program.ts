import { readFileSync } from "node:fs";
import path from "node:path";
import { Command, CommanderError } from "commander";
import { packageRoot } from "../components/read-templates";
import { awsCommand } from "./commands/aws";
import { cardCommand } from "./commands/card";
import { renderCommand } from "./commands/render";
import { secretsCommand } from "./commands/secrets";
import { verifyCommand } from "./commands/verify";
import { CliError, exitCode, type Terminal } from "./terminal";

const closing = `
A spec is delivered by \`pulumi up\`; on the machine itself, the command of
the same name has status, verify, phones, restart, rollback and more.`;

/** The whole command line; each command is a file of `cli/commands/`. */
export function buildProgram(terminal: Terminal): Command {
  const { columns } = terminal;
  const program = new Command("hardened-asterisk")
    .description("Looks at a hardened Asterisk PBX before and after `pulumi up`.")
    .version(ownVersion())
    .exitOverride()
    .configureOutput({
      writeOut: terminal.print,
      writeErr: terminal.warn,
      ...(columns === undefined ? {} : { getOutHelpWidth: () => columns, getErrHelpWidth: () => columns }),
    })
    .addHelpText("after", closing);
  const commands = [renderCommand, cardCommand, secretsCommand, verifyCommand, awsCommand];
  for (const command of commands) program.addCommand(inheriting(command(terminal), program));
  return program;
}

/** A command that prints and wraps as the one above it does, with those below it. */
function inheriting(command: Command, above: Command): Command {
  for (const below of command.copyInheritedSettings(above).commands) inheriting(below, command);
  return command;
}

/** Runs one command line (without program name) and returns its exit code; never throws for a user's mistake. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await buildProgram(terminal).parseAsync([...args], { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCode.refused;
    if (!(error instanceof CliError)) throw error;
    if (error.message !== "") terminal.warn(`hardened-asterisk: ${error.message}\n`);
    return error.code;
  }
}

function ownVersion(): string {
  const text = readFileSync(path.join(packageRoot(), "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
