import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { cacheOf } from "../../../sandbox/image/recipe";

/** One fault that was done to an activation, and what came of it: which configuration was wholly in effect, or what did not hold. */
export interface TalliedFault {
  /** Commit it was measured at. */
  readonly commit: string;
  readonly fault: string;
  /** Which of its kind; a repetition replaces the earlier one. */
  readonly which: string;
  readonly outcome: "old" | "new" | "failed";
}

const file = path.join(cacheOf("images"), "..", "faults.jsonl");

/** The commit that is checked out, shortened. */
export function commitNow(): string {
  return execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: __dirname, encoding: "utf8" }).trim();
}

/** Every fault tallied at a commit so far, by whichever runs; kept beside the images, so that parts of a run add up. */
export function talliedFaults(commit: string): TalliedFault[] {
  const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").filter(Boolean) : [];
  const all = lines.map((line) => JSON.parse(line) as TalliedFault).filter((one) => one.commit === commit);
  return [...new Map(all.map((one) => [`${one.fault}\n${one.which}`, one])).values()];
}

/** Does one fault and asks all that must hold; counts what came of it, and raises what `work` raises. */
export async function tallied<T extends "old" | "new">(
  fault: string,
  which: string | number,
  work: () => Promise<T>,
): Promise<T> {
  const count = (outcome: TalliedFault["outcome"]) => {
    appendFileSync(file, `${JSON.stringify({ commit: commitNow(), fault, which: `${which}`, outcome })}\n`);
  };
  try {
    const outcome = await work();
    count(outcome);
    return outcome;
  } catch (error) {
    count("failed");
    throw error;
  }
}
