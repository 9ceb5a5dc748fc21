import { spawn, type ChildProcess } from "node:child_process";

/** What a finished command left behind. */
export interface CommandResult {
  /** Exit status; 128 + signal number is not used: a signalled command has `code` null. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly input?: string;
  /** Milliseconds; the command is killed with SIGKILL afterwards. Default: 60,000. */
  readonly timeout?: number;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Ends the command with `killSignal`; the promise is then rejected with an `AbortError`. */
  readonly signal?: AbortSignal | undefined;
  /** Default: SIGTERM. */
  readonly killSignal?: NodeJS.Signals;
  /** Called with each piece of standard output and standard error as it arrives. */
  readonly onOutput?: (text: string) => void;
}

/** A command that ended with a status other than 0; the message carries its last lines of output. */
export class CommandError extends Error {
  constructor(
    readonly argv: readonly string[],
    readonly result: CommandResult,
  ) {
    const tail = `${result.stdout}${result.stderr}`.trim().split("\n").slice(-15).join("\n");
    super(`\`${argv.join(" ")}\` ended with ${String(result.code ?? result.signal)}:\n${tail}`);
    this.name = "CommandError";
  }
}

/** Runs a command to its end and returns how it ended, whatever the status. */
export function tryRun(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const [command, ...args] = argv;
  if (command === undefined) throw new Error("an empty command line cannot be run");
  return new Promise((resolve, reject) => {
    const child: ChildProcess = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      signal: options.signal,
      killSignal: options.killSignal ?? "SIGTERM",
      stdio: "pipe",
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), options.timeout ?? 60_000);
    let stdout = "";
    let stderr = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      options.onOutput?.(text);
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      options.onOutput?.(text);
    });
    child.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, stderr });
    });
    // A command may end before it has read its input; that shows in its status, not as EPIPE here.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(options.input ?? "");
  });
}

/** Runs a command to its end; a status other than 0 is raised as {@link CommandError}. */
export async function run(argv: readonly string[], options: CommandOptions = {}): Promise<string> {
  const result = await tryRun(argv, options);
  if (result.code !== 0) throw new CommandError(argv, result);
  return result.stdout;
}

/** The command line that runs `argv` inside a network namespace. */
export function inNamespace(namespace: string, argv: readonly string[]): string[] {
  return ["ip", "netns", "exec", namespace, ...argv];
}
