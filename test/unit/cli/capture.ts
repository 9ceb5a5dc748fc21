import { Readable } from "node:stream";
import { runCli } from "../../../cli/program";

/** How one run of the command line ended. */
export interface CliRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line in this process with `input` as its standard input. */
export async function runCaptured(args: readonly string[], input = ""): Promise<CliRun> {
  let out = "";
  let err = "";
  const code = await runCli(args, {
    input: Readable.from([Buffer.from(input)]),
    print: (text) => {
      out += text;
    },
    warn: (text) => {
      err += text;
    },
    columns: 80,
  });
  return { code, out, err };
}
