import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { largestSpec } from "../components/spec-text";
import { CliError, exitCode, type Terminal } from "./terminal";

/**
 * Reads a file, or the terminal's input for `-`, as text.
 * @throws CliError when there is no such file (exit code 3), it cannot be read, or it is larger than 8 MiB.
 */
export async function readInput(file: string, terminal: Terminal): Promise<string> {
  if (file === "-") return readAll(terminal.input, "standard input");
  try {
    return await readAll(createReadStream(file), file);
  } catch (error) {
    throw asCliError(error, file);
  }
}

async function readAll(stream: Readable, name: string): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of stream) {
    const bytes = Buffer.from(piece as Buffer | string);
    size += bytes.length;
    if (size > largestSpec) throw new CliError(`${name}: is larger than 8 MiB; give only the spec`, exitCode.refused);
    pieces.push(bytes);
  }
  return Buffer.concat(pieces).toString("utf8");
}

/** Says which file could not be used and why; anything but a failed system call passes as it is. */
export function asCliError(error: unknown, file: string): unknown {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  if (error instanceof CliError || typeof code !== "string") return error;
  if (code === "ENOENT") return new CliError(`${file}: there is no such file; check the path`, exitCode.noFile);
  const reasons: Readonly<Record<string, string>> = {
    EACCES: "may not be used by you; check its permissions",
    EISDIR: "is a directory; give a file",
    ENOTDIR: "lies below a file; choose another place",
    EEXIST: "is a file; choose another place",
  };
  return new CliError(`${file}: ${reasons[code] ?? `cannot be used (${code})`}`, exitCode.failed);
}
