import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { format } from "prettier";
import { run } from "../../sandbox/command";

const file = path.join(__dirname, "../../docs/benchmarks.md");
const opening =
  "# Benchmarks\n\nWritten by `npm run bench`. All runs of a table on one machine: read the ratios, not the seconds.\n";

/** Replaces one section of `docs/benchmarks.md`, or adds it; the others keep the commit and date they were measured at. */
export async function writeSection(heading: string, body: string): Promise<void> {
  const old = existsSync(file) ? readFileSync(file, "utf8") : "";
  const sections = old.split(/^(?=## )/m).slice(1);
  const commit = (await run(["git", "rev-parse", "--short", "HEAD"])).trim();
  const dirty = (await run(["git", "status", "--porcelain", "--", "core", "components", "templates"])) !== "";
  const stamp = `Commit ${commit}${dirty ? " and changes on top" : ""}, ${new Date().toISOString().slice(0, 10)}.`;
  const section = `## ${heading}\n\n${stamp} ${body}\n`;
  const index = sections.findIndex((text) => text.startsWith(`## ${heading}\n`));
  if (index === -1) sections.push(section);
  else sections[index] = section;
  writeFileSync(file, await format([opening, ...sections].join("\n"), { parser: "markdown", printWidth: 120 }));
  console.log(section);
}

/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
