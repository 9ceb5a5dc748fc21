import { constants } from "node:os";
import { StringDecoder } from "node:string_decoder";

import { dial } from "./dial";
import type { CommandInputs } from "./inputs";
import { lostConnection } from "./loss";
import { Session } from "./session";

/** What a command wrote, one newline at the end taken away. */
export interface Outputs {
  readonly stdout: string;
  readonly stderr: string;
}

/** Where a run reports to, and what ends its dialling early. */
export interface RunOptions {
  /** A line of the command's output, or of the dialling: shown while the engine works, not kept. */
  readonly report: (line: string) => void;
  readonly warn: (line: string) => void;
  readonly signal: AbortSignal;
}

/** What the previous run printed, handed to the next one unless `addPreviousOutputInEnv` is false. */
const PREVIOUS = { stdout: "PULUMI_COMMAND_STDOUT", stderr: "PULUMI_COMMAND_STDERR" } as const;

/**
 * Runs a command on the host to its end.
 *
 * @throws Error with the command, its exit status and all its output when it fails, as the official provider reports it.
 */
export async function remoteRun(
  command: string,
  inputs: CommandInputs,
  previous: Outputs,
  options: RunOptions,
): Promise<Outputs> {
  const client = await dial(inputs.connection, options);
  try {
    const session = await Session.open(client);
    await setEnvironment(session, inputs, previous, options);
    return await run(session, command, inputs, options);
  } catch (error) {
    throw explained(error, lostConnection(client));
  } finally {
    client.end();
  }
}

/** The reason why the connection was lost, unless the command's own end is known. */
function explained(error: unknown, loss: Error | undefined): unknown {
  if (loss === undefined) return error;
  if (!(error instanceof CommandFailed)) return loss;
  return error.ending === undefined ? new Error(`${loss.message}: ${error.work}`) : error;
}

async function setEnvironment(
  session: Session,
  inputs: CommandInputs,
  previous: Outputs,
  options: RunOptions,
): Promise<void> {
  const refused = (name: string): string =>
    `the server does not accept the environment variable ${name}: add it to AcceptEnv of its sshd, or set it in the command`;
  for (const [name, value] of Object.entries(inputs.environment ?? {}))
    if (!(await session.setEnvironment(name, value))) throw new Error(refused(name));
  if (inputs.addPreviousOutputInEnv === false) return;
  for (const stream of ["stdout", "stderr"] as const)
    if (previous[stream] !== "" && !(await session.setEnvironment(PREVIOUS[stream], previous[stream])))
      options.warn(refused(PREVIOUS[stream]));
}

async function run(session: Session, command: string, inputs: CommandInputs, options: RunOptions): Promise<Outputs> {
  const { stream } = session;
  const logging = inputs.logging ?? "stdoutAndStderr";
  const all: Buffer[] = [];
  const collect = (source: NodeJS.ReadableStream, logged: boolean): Buffer[] => {
    const own: Buffer[] = [];
    const log = logged ? lineReader(source, options.report) : () => undefined;
    source.on("data", (data: Buffer) => {
      own.push(data);
      all.push(data);
      log(data);
    });
    return own;
  };
  const stdout = collect(stream, logging === "stdout" || logging === "stdoutAndStderr");
  const stderr = collect(stream.stderr, logging === "stderr" || logging === "stdoutAndStderr");
  const ended = exit(session);
  await session.start(command);
  // A command may end before it has read its input; that shows in its status, not here.
  stream.on("error", () => undefined);
  stream.end(inputs.stdin ?? "");
  const ending = await ended;
  if (ending !== SUCCESS) throw new CommandFailed(ending, `running ${JSON.stringify(command)}:\n${text(all)}`);
  return { stdout: text(stdout).replace(/\n$/, ""), stderr: text(stderr).replace(/\n$/, "") };
}

const SUCCESS = "success";

/** A command that did not end with status 0; `ending` is undefined when nothing is known of its end. */
class CommandFailed extends Error {
  constructor(
    readonly ending: string | undefined,
    readonly work: string,
  ) {
    super(`${ending ?? "the command ended without a status"}: ${work}`);
  }
}

/** How the command ended, in the official provider's words; undefined when the host did not say. */
function exit(session: Session): Promise<string | undefined> {
  let ending: string | undefined;
  session.stream.on("exit", (code: number | null, signal?: string) => {
    if (code === 0) ending = SUCCESS;
    else if (code !== null) ending = `Process exited with status ${String(code)}`;
    else ending = bySignal(signal ?? "");
  });
  return new Promise((resolve) => {
    session.stream.once("close", () => {
      resolve(ending);
    });
  });
}

function bySignal(signal: string): string {
  const status = 128 + ((constants.signals as Record<string, number | undefined>)[signal] ?? 0);
  return `Process exited with status ${String(status)} from signal ${signal.replace(/^SIG/, "")}`;
}

function text(pieces: readonly Buffer[]): string {
  return Buffer.concat(pieces).toString("utf8");
}

/** Calls `report` with each line as soon as it is whole, and with what is left when the source ends. */
function lineReader(source: NodeJS.ReadableStream, report: (line: string) => void): (data: Buffer) => void {
  // A character of several bytes may come in two pieces.
  const decoder = new StringDecoder("utf8");
  let rest = "";
  source.once("end", () => {
    if (rest !== "") report(rest);
  });
  return (data) => {
    const lines = (rest + decoder.write(data)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) report(line.replace(/\r$/, ""));
  };
}
