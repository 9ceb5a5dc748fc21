import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import type { Made } from "../../../controls/cloud/cloud-control";
import { run } from "../../../sandbox/command";
import { pythonWith } from "../../python-tools";
import { terraformJson } from "../terraform-json";

/** What checkov made of one set of resources. */
export interface Judgement {
  /** Terraform addresses of the resources it read. */
  readonly parsed: readonly string[];
  /** Check, address and title of each failed check. */
  readonly failed: readonly (readonly [check: string, address: string, title: string])[];
  readonly passed: number;
  /** Documents it could not read. */
  readonly unread: readonly string[];
}

/** Python with checkov, made on the first use. */
export function checkovPython(progress?: (line: string) => void): Promise<string> {
  return pythonWith(path.join(__dirname, "checkov.txt"), progress);
}

/** Has checkov, an outside judge of Terraform, read each set of resources. One start for all: it takes seconds. */
export async function judgeByCheckov(sets: readonly (readonly Made[])[]): Promise<Judgement[]> {
  const python = await checkovPython();
  const folder = mkdtempSync(path.join(tmpdir(), "aws-checkov-"));
  try {
    const files = sets.map((resources, index) => {
      const file = path.join(folder, `${index}.tf.json`);
      writeFileSync(file, JSON.stringify(terraformJson(resources), undefined, 1));
      return file;
    });
    const output = await run([python, path.join(__dirname, "judge.py"), ...files], { timeout: 300_000 });
    return output
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Judgement);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
