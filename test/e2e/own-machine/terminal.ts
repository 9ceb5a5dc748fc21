import { spawn, type ChildProcess } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";

/** What a program asks in a terminal, and what is typed then. */
export interface Answer {
  readonly question: RegExp;
  readonly typed: string;
}

/** How a terminal is opened. */
export interface TerminalOptions {
  /** Path of the program that becomes an interactive bash. */
  readonly command: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly answers: readonly Answer[];
}

/** The prompt with the status of the line before it, and the prompt of a line that goes on. */
const PROMPT = /own\[(\d+)\]> $/;
const MORE = /(?:^|\n)more> $/;
const ESCAPES = /\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[=>]|\r/g;

/** An interactive shell in a pseudo-terminal (script(1) of util-linux), typed into line by line as a person does. */
export class Terminal {
  private screen = "";
  /** Questions of the present line that were answered; a program that draws its prompt anew is not answered twice. */
  private readonly answered = new Set<Answer>();
  private asked = 0;

  private constructor(
    private readonly shell: ChildProcess,
    private readonly answers: readonly Answer[],
  ) {
    const show = (data: Buffer) => {
      this.screen += data.toString();
    };
    shell.stdout?.on("data", show);
    shell.stderr?.on("data", show);
  }

  /** Opens a terminal of 200 columns and waits for the shell's prompt. */
  static async open({ command, cwd, env, answers }: TerminalOptions): Promise<Terminal> {
    const child = spawn("script", ["--quiet", "--flush", "--return", "--command", command, "/dev/null"], {
      cwd,
      env: { ...env, TERM: "xterm", PS1: "own[$?]> ", PS2: "more> ", INPUTRC: "/dev/null", HISTFILE: "" },
      stdio: "pipe",
    });
    const terminal = new Terminal(child, answers);
    await terminal.finished(0, 10_000);
    await terminal.type("bind 'set enable-bracketed-paste off'; stty rows 50 cols 200");
    return terminal;
  }

  /**
   * Types one line and waits until the shell asks for the next; questions are answered meanwhile.
   * @returns what was shown and the exit status, 0 in the middle of a command of several lines.
   * @throws Error with what was shown when the time (milliseconds) is over.
   */
  async type(line: string, limit = 60_000): Promise<{ status: number; shown: string }> {
    const start = this.screen.length;
    this.answered.clear();
    this.asked = start;
    this.shell.stdin?.write(`${line}\n`);
    return this.finished(start, limit);
  }

  /** Closes the terminal; the kernel then hangs up on everything that runs in it. */
  async close(): Promise<void> {
    if (this.shell.exitCode !== null) return;
    const ended = new Promise<void>((resolve) =>
      this.shell.once("exit", () => {
        resolve();
      }),
    );
    this.shell.kill("SIGKILL");
    await ended;
  }

  private async finished(start: number, limit: number): Promise<{ status: number; shown: string }> {
    const deadline = Date.now() + limit;
    for (;;) {
      const shown = this.screen.slice(start).replace(ESCAPES, "");
      const status = PROMPT.exec(shown)?.[1];
      if (status !== undefined) return { status: Number(status), shown };
      if (MORE.test(shown)) return { status: 0, shown };
      if (Date.now() > deadline || this.shell.exitCode !== null)
        throw new Error(`the terminal waits for an answer that no page tells, or the time is over:\n${shown}`);
      this.answer();
      await pause(20);
    }
  }

  private answer(): void {
    const unanswered = this.screen.slice(this.asked).replace(ESCAPES, "");
    const due = this.answers.find((answer) => !this.answered.has(answer) && answer.question.test(unanswered));
    if (due === undefined) return;
    this.answered.add(due);
    this.asked = this.screen.length;
    this.shell.stdin?.write(due.typed);
  }
}
