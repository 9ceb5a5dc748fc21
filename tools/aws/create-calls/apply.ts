import path from "node:path";

import type { Made } from "../../../controls/cloud/cloud-control";
import { run } from "../../../sandbox/command";
import { asJson } from "../made-json";

/** What came of making stacks beside each other in one account that moto plays. */
export interface Applied {
  /** What AWS's own models of its requests object to: missing, unknown or too long members, wrong types, values of no enumeration, patterns. */
  readonly faults: readonly string[];
  /** Calls that moto refused or cannot answer: call, resource, message. */
  readonly failed: readonly (readonly [call: string, name: string, message: string])[];
  /** Type and path of inputs that no call takes. */
  readonly unmapped: readonly string[];
  /** Type and identity of resources that are one with an earlier one of the account. */
  readonly clashes: readonly (readonly [type: string, identity: string])[];
  /** Every call, in order: type, call, Terraform's address of the resource. */
  readonly calls: readonly (readonly [type: string, call: string, address: string])[];
  /** Patterns of the models that Python's expressions cannot say. */
  readonly unread: readonly string[];
}

/**
 * Makes stacks by the calls that Terraform's provider makes, each run in an account of its own. `python` has moto and botocore. What a
 * call takes of an answer before it, such as an id, is the answer itself.
 */
export async function applyStacks(
  python: string,
  runs: readonly (readonly (readonly Made[])[])[],
): Promise<readonly Applied[]> {
  const input = `[${runs.map((stacks) => asJson(stacks)).join(",")}]`;
  const output = await run([python, path.join(__dirname, "apply.py")], { input, timeout: 300_000 });
  return output
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Applied);
}
