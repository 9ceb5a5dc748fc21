import { isScalar, LineCounter, parseDocument, visit, type Document } from "yaml";

/** Bytes a spec may have at most: 8 MiB. */
export const largestSpec = 8 * 1024 * 1024;

const mostShown = 5;

/** A text that is no YAML and no JSON; its message names the text and what the parser found, and is meant for the owner. */
export class SpecTextError extends Error {
  constructor(name: string, faults: readonly string[]) {
    const shown = faults
      .slice(0, mostShown)
      .map((fault) => `  ${fault.trimEnd().slice(0, 500).replaceAll("\n", "\n  ")}`);
    const rest = faults.length > mostShown ? [`  and ${faults.length - mostShown} more`] : [];
    super(`${name}: is not YAML or JSON:\n${[...shown, ...rest].join("\n")}`);
    this.name = "SpecTextError";
  }
}

/**
 * What a text in YAML or JSON says, not yet judged.
 * @param name what a refusal calls the text, such as its file's path.
 * @throws SpecTextError when it is neither.
 */
export function parseSpecText(text: string, name: string): unknown {
  const lineCounter = new LineCounter();
  // The library's own check compares each key with each other: six seconds for 10,000 phones.
  const document = parseDocument(text, { logLevel: "silent", lineCounter, uniqueKeys: false });
  const faults = [...document.errors.map(({ message }) => message), ...keysTwice(document, lineCounter)];
  if (faults.length > 0) throw new SpecTextError(name, faults);
  try {
    return document.toJS();
  } catch (error) {
    throw new SpecTextError(name, [error instanceof Error ? error.message : String(error)]);
  }
}

function keysTwice(document: Document.Parsed, lines: LineCounter): string[] {
  const faults: string[] = [];
  visit(document, {
    Map: (_key, { items }) => {
      const seen = new Set<string>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        const word = String(key.value);
        if (!seen.has(word)) seen.add(word);
        else {
          const { line, col } = lines.linePos(key.range?.[0] ?? 0);
          faults.push(`Map keys must be unique at line ${line}, column ${col}: ${word.slice(0, 60)}`);
        }
      }
    },
  });
  return faults;
}
