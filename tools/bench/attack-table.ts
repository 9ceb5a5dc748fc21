import type { Attack, Outcome } from "../../test/e2e/attacks/attack";
import type { Bout } from "../../test/e2e/attacks/arena";
import { median } from "./median";

/** One bout of one of the runs. */
export interface RunBout extends Bout {
  /** Counted from 1. */
  readonly run: number;
}

const head = [
  ...["attack", "counts", "goal", "unhardened twin", "hardened", "hardened, roaming over UDP"],
  ...["the hardened host's worst run", "commit"],
];

const count = (figure: number) => figure.toLocaleString("en", { maximumFractionDigits: 2 });

/** Median and range of the figures, such as "724 (703–780)". */
export function figures(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const middle = count(median(values));
  return low === high ? middle : `${middle} (${count(low)}–${count(high)})`;
}

const figuresOf = (outcomes: readonly Outcome[]) => figures(outcomes.map(({ figure }) => figure));

/** Figures of the hardened host, and in how many runs it held. */
function verdict(outcomes: readonly Outcome[]): string {
  if (outcomes.length === 0) return "";
  const failed = outcomes.filter(({ broken }) => broken).length;
  const said = failed === 0 ? `held in ${outcomes.length}` : `**broken** in ${failed}`;
  return `${figuresOf(outcomes)}; ${said} of ${outcomes.length}`;
}

/** What was noted in the run with the highest figure. */
function worst(outcomes: readonly Outcome[]): string {
  const [first] = [...outcomes].sort((a, b) => b.figure - a.figure);
  return (first?.note ?? "").replaceAll("|", "\\|").replaceAll("\n", " ");
}

/** A row of the table from all bouts of one attack. */
export function attackRow(attack: Attack, bouts: readonly RunBout[], commit: string): string {
  const of = (target: string) => bouts.filter((bout) => bout.target === target).map(({ outcome }) => outcome);
  const twins = attack.weak.map((variant) => `${variant}: ${figuresOf(of(variant))}`);
  const cells = [
    ...[attack.name, attack.measures, attack.goal, twins.join("; ") || "(conformance)"],
    ...[verdict(of("hardened")), verdict(of("hardened-udp")), worst(of("hardened")), commit],
  ];
  return `| ${cells.join(" | ")} |`;
}

/** Puts new rows into the page's table: those of attacks that are no more are dropped, the others stay as they are. */
export function mergeRows(page: string, order: readonly string[], rows: ReadonlyMap<string, string>): string {
  const old = new Map(
    [...page.matchAll(/^\| (\S+) +\|.*\|$/gm)].map((row): [string, string] => [row[1] ?? "", row[0]]),
  );
  const kept = order.flatMap((name) => rows.get(name) ?? old.get(name) ?? []);
  return [`| ${head.join(" | ")} |`, `|${" --- |".repeat(head.length)}`, ...kept].join("\n");
}
