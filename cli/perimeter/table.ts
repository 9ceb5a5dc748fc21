import type { PerimeterRule } from "../../core/bundle/perimeter";

const headings = ["DIRECTION", "PROTOCOL", "PORTS", "FROM / TO", "WHY"] as const;

/** The rules as a table for people; each further network stands on a line of its own. */
export function perimeterTable(rules: readonly PerimeterRule[]): string {
  const rows = [[...headings], ...rules.flatMap(rowsOf)];
  const widths = headings.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

function rowsOf({ direction, protocol, ports, from, peers, why }: PerimeterRule): string[][] {
  const to = ports.length === 0 ? "any" : ports.join(", ");
  const shown = protocol === "icmp" ? "" : from === undefined ? to : `${from} to ${to}`;
  const [first = "anywhere", ...more] = peers;
  return [[direction, protocol, shown, first, why], ...more.map((peer) => ["", "", "", peer, ""])];
}
