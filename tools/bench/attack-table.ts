import type { Attack } from "../../test/e2e/attacks/attack";
import type { Bout } from "../../test/e2e/attacks/arena";
import { median } from "./median";

/** One bout of one of the runs. */
export interface RunBout extends Bout {
  /** Counted from 1. */
  readonly run: number;
}

const head = ["attack", "counts", "goal", "unhardened twin", "hardened", "", "commit"];

const count = (figure: number) => figure.toLocaleString("en", { maximumFractionDigits: 2 });

/** Median and range of the figures, such as "724 (703–780)". */
export function figures(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const middle = count(median(values));
  return low === high ? middle : `${middle} (${count(low)}–${count(high)})`;
}

/** A row of the table from all bouts of one attack. */
export function attackRow(attack: Attack, bouts: readonly RunBout[], commit: string): string {
  const of = (target: string) => bouts.filter((bout) => bout.target === target).map(({ outcome }) => outcome);
  const cell = (target: string) => figures(of(target).map(({ figure }) => figure));
  const twins = attack.weak.map((variant) => `${variant}: ${cell(variant)}`);
  const hardened = of("hardened");
  const failed = hardened.filter(({ broken }) => broken).length;
  const runs = hardened.length;
  const verdict = failed === 0 ? `held in ${runs} of ${runs}` : `**broken** in ${failed} of ${runs}`;
  const cells = [attack.name, attack.measures, attack.goal, twins.join("; ") || "(conformance)", cell("hardened")];
  return `| ${[...cells, verdict, commit].join(" | ")} |`;
}

/** Puts new rows into the page's table: those of attacks that are no more are dropped, the others stay as they are. */
export function mergeRows(page: string, order: readonly string[], rows: ReadonlyMap<string, string>): string {
  const old = new Map(
    [...page.matchAll(/^\| (\S+) +\|.*\|$/gm)].map((row): [string, string] => [row[1] ?? "", row[0]]),
  );
  const kept = order.flatMap((name) => rows.get(name) ?? old.get(name) ?? []);
  return [`| ${head.join(" | ")} |`, `|${" --- |".repeat(head.length)}`, ...kept].join("\n");
}
