import type { Readable } from "node:stream";

/** What the command line reads from and writes to; tests and the docs generator give their own. */
export interface Terminal {
  readonly input: Readable & { readonly isTTY?: boolean };
  /** Takes results. */
  readonly print: (text: string) => void;
  /** Takes refusals and progress. */
  readonly warn: (text: string) => void;
  /** Columns that help texts are wrapped to. Default: the screen's. */
  readonly columns?: number;
}

/** The process's own input and output. */
export const processTerminal: Terminal = {
  input: process.stdin,
  print: (text) => void process.stdout.write(text),
  warn: (text) => void process.stderr.write(text),
};

/** Exit codes beside 0: every one has one meaning, so that scripts can tell them apart. */
export const exitCode = {
  /** The work could not be done, or what was verified does not agree. */
  failed: 1,
  /** The spec, the input or the command line is refused. */
  refused: 2,
  /** There is no such file. */
  noFile: 3,
} as const;

/** A reason to end that is the user's to cure; its message is shown without a stack trace. */
export class CliError extends Error {
  constructor(
    message: string,
    readonly code: number,
  ) {
    super(message);
    this.name = "CliError";
  }
}
