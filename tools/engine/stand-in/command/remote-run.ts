import { dial } from "./dial";
import type { CommandInputs } from "./inputs";
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
  } finally {
    client.end();
  }
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
  const log = lineReader(options.report);
  const collect = (source: NodeJS.ReadableStream, logged: boolean): Buffer[] => {
    const own: Buffer[] = [];
    source.on("data", (data: Buffer) => {
      own.push(data);
      all.push(data);
      if (logged) log(data);
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
  const failure = await ended;
  if (failure !== undefined) throw new Error(`${failure}: running ${JSON.stringify(command)}:\n${text(all)}`);
  return { stdout: text(stdout).replace(/\n$/, ""), stderr: text(stderr).replace(/\n$/, "") };
}

/** How the command ended: undefined with status 0, else in words. */
function exit(session: Session): Promise<string | undefined> {
  let ending: string | undefined = "the connection was lost before the command ended";
  session.stream.on("exit", (code: number | null, signal?: string) => {
    if (code === 0) ending = undefined;
    else
      ending =
        code === null ? `Process was ended by ${signal ?? "a signal"}` : `Process exited with status ${String(code)}`;
  });
  return new Promise((resolve) => {
    session.stream.once("close", () => {
      resolve(ending);
    });
  });
}

function text(pieces: readonly Buffer[]): string {
  return Buffer.concat(pieces).toString("utf8");
}

/** Calls `report` with each whole line, and gives a line not yet ended to the next call. */
function lineReader(report: (line: string) => void): (data: Buffer) => void {
  let rest = "";
  return (data) => {
    const lines = (rest + data.toString("utf8")).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(report);
  };
}
