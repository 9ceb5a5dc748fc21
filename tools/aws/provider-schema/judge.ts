import { readFileSync } from "node:fs";
import path from "node:path";

import type { Made } from "../../../controls/cloud/cloud-control";
import { run } from "../../../sandbox/command";
import { pythonWith } from "../../python-tools";
import { asJson } from "../made-json";

const requirements = path.join(__dirname, "pulumi-aws.txt");

/** Version of the provider whose arguments resources are compared with. */
export const judgedVersion = /^pulumi-aws==(\S+)/m.exec(readFileSync(requirements, "utf8"))?.[1] ?? "";

/**
 * Faults of each set of resources by the argument schema that the provider publishes for Python: unknown arguments, missing ones, wrong types,
 * and values that are in none of its enumerations. One start for all sets.
 */
export async function faultsBySchema(
  sets: readonly (readonly Made[])[],
  progress?: (line: string) => void,
): Promise<string[][]> {
  const python = await pythonWith(requirements, progress);
  const output = await run([python, path.join(__dirname, "judge.py")], { input: asJson(sets), timeout: 120_000 });
  return JSON.parse(output) as string[][];
}
