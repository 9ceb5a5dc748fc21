import { readFileSync, statSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { PbxSpec } from "../core/spec/spec";
import { largestSpec, parseSpecText, SpecTextError } from "./spec-text";

/**
 * Reads a spec from a file of YAML or JSON, of 8 MiB at most. What it asks for is judged by `AsteriskHost`, which it is given to.
 *
 * Needed from about 1,300 phones on, depending on what each needs: a stack's whole configuration travels to the program in one environment variable, and
 * Linux lets none be longer than 128 KiB (MAX_ARG_STRLEN, execve(2)).
 * @throws pulumi.RunError when the file is missing, cannot be read, is larger, or is neither.
 */
export function readSpecFile(file: string): PbxSpec {
  try {
    return parseSpecText(readText(file), file) as PbxSpec;
  } catch (error) {
    if (error instanceof SpecTextError) throw new pulumi.RunError(error.message);
    throw systemFault(error, file) ?? error;
  }
}

function readText(file: string): string {
  const status = statSync(file);
  // Opening a pipe would wait for somebody to write into it.
  if (!status.isFile()) throw new pulumi.RunError(`${file}: is not a file; give the file that holds the spec`);
  if (status.size > largestSpec) throw new pulumi.RunError(`${file}: is larger than 8 MiB; give only the spec`);
  return readFileSync(file, "utf8");
}

function systemFault(error: unknown, file: string): Error | undefined {
  const code = (error as NodeJS.ErrnoException).code;
  if (typeof code !== "string") return undefined;
  if (code === "ENOENT") return new pulumi.RunError(`${file}: there is no such file; check the path`);
  if (code === "EACCES") return new pulumi.RunError(`${file}: may not be read by you; check its permissions`);
  return new pulumi.RunError(`${file}: cannot be read (${code}); give the file that holds the spec`);
}
