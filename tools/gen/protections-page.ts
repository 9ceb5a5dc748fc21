const tag = /\[([a-z]+\/[a-z0-9-]+)\]/g;

/** A table of every protection tag: which lines of which rendered files belong to it. */
export function protectionsPage(templates: ReadonlyMap<string, string>): string {
  const rows = new Map<string, string[]>();
  for (const [file, text] of [...templates].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const [index, line] of text.split("\n").entries()) {
      for (const [, id = ""] of isHeader(line) ? [] : line.matchAll(tag)) {
        const entries = rows.get(id) ?? [];
        entries.push(`\`${file}\`: \`${settingOf(text.split("\n"), index)}\``);
        rows.set(id, entries);
      }
    }
  }
  const table = [...rows]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, lines]) => `| ${id} | ${[...new Set(lines)].join("<br>")} |`);
  return [
    "# Protections and the lines that implement them",
    "",
    "Generated from `templates/` by `npm run generate`.",
    "",
    "| protection | lines |",
    "|---|---|",
    ...table,
    "",
  ].join("\n");
}

const isHeader = (line: string) => line.startsWith("; A tag such as");

/** The setting a tag stands on: the text before the comment, or the next line where a comment stands alone. */
function settingOf(lines: readonly string[], index: number): string {
  const line = lines[index] ?? "";
  const before = line.replace(/[;#].*$/, "").trim();
  return (before === "" ? (lines[index + 1] ?? "") : before).trim().replaceAll("|", "\\|");
}
