import type { SmokeHost, SmokeStep } from "./smoke-steps";

/** How one step ended. */
export interface SmokeResult {
  readonly name: string;
  readonly outcome: "passed" | "failed" | "left out";
  readonly seconds: number;
  /** What was not true, or why it was left out. */
  readonly why?: string;
}

/**
 * Takes the steps in order and says of each how it went. What only makes sense on a machine that was made is left out when
 * nothing was made; what cleans up is always done. Nothing is thrown.
 */
export async function runSmoke(
  steps: readonly SmokeStep[],
  host: SmokeHost,
  say: (line: string) => void,
): Promise<SmokeResult[]> {
  const results: SmokeResult[] = [];
  for (const [index, { name, run, always }] of steps.entries()) {
    say(`\n${index + 1}/${steps.length}  ${name}`);
    const broken = always === true ? undefined : results.find(({ outcome }) => outcome === "failed");
    const result: SmokeResult =
      broken === undefined
        ? await ended(name, () => run(host))
        : { name, outcome: "left out", seconds: 0, why: `"${broken.name}" failed` };
    results.push(result);
    say(`     ${lineOf(result)}`);
  }
  return results;
}

async function ended(name: string, run: () => Promise<void>): Promise<SmokeResult> {
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  try {
    await run();
    return { name, outcome: "passed", seconds: seconds() };
  } catch (error) {
    return { name, outcome: "failed", seconds: seconds(), why: error instanceof Error ? error.message : String(error) };
  }
}

function lineOf({ outcome, seconds, why }: SmokeResult): string {
  if (outcome === "passed") return `passed, ${timeOf(seconds)}`;
  return outcome === "failed" ? `FAILED, ${timeOf(seconds)}: ${indented(why ?? "")}` : `left out: ${why ?? ""}`;
}

const indented = (text: string) => text.replaceAll("\n", "\n     ");

/** For example `4 min 10 s`. */
export function timeOf(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** The last lines a person reads: what passed, and what it means. */
export function summaryOf(results: readonly SmokeResult[]): string {
  const count = (outcome: SmokeResult["outcome"]) => results.filter((one) => one.outcome === outcome).length;
  const total = results.reduce((sum, { seconds }) => sum + seconds, 0);
  const rows = results.map(({ name, outcome }) => `  ${outcome.padEnd(9)} ${name}`);
  const counts = `${count("passed")} passed, ${count("failed")} failed, ${count("left out")} left out, ${timeOf(total)}`;
  return [...rows, "", counts].join("\n");
}
