import { jsonCondition } from "./json-filter-pattern";
import { compileRegex, PatternError } from "./pattern-regex";

/** Whether a line is matched. */
export type Matches = (line: string) => boolean;

/**
 * Compiles a filter pattern as "Filter pattern syntax" and "Supported regular expressions" of the CloudWatch Logs user
 * guide (read November 2026) describe it: terms, quoted terms, `-term`, `?a ?b`, `%regex%`, and `{ JSON selectors }`.
 * Patterns for space-delimited lines are not known here.
 * @throws PatternError
 */
export function compilePattern(pattern: string): Matches {
  const text = pattern.trim();
  if (text.startsWith("{")) return jsonCondition(text);
  if (text.startsWith("[")) throw new PatternError("patterns of space-delimited fields are not known here");
  const terms = readTerms(text);
  const wanted = terms.filter(({ kind }) => kind === "all").map(({ test }) => test);
  const either = terms.filter(({ kind }) => kind === "any").map(({ test }) => test);
  const never = terms.filter(({ kind }) => kind === "none").map(({ test }) => test);
  if (either.length > 0 && either.length < terms.length) throw new PatternError("a ? beside other terms is ignored");
  return (line) =>
    wanted.every((test) => test(line)) &&
    !never.some((test) => test(line)) &&
    (either.length === 0 || either.some((test) => test(line)));
}

interface Term {
  readonly kind: "all" | "any" | "none";
  readonly test: Matches;
}

const term = /\s*([-?]?)(?:"((?:[^"\\]|\\.)*)"|%([^%]+)%|([A-Za-z0-9_]+))/y;

function readTerms(text: string): Term[] {
  const terms: Term[] = [];
  term.lastIndex = 0;
  while (term.lastIndex < text.length) {
    const at = term.lastIndex;
    const found = term.exec(text);
    if (found === null) throw new PatternError(`${text.slice(at)}: only letters, digits and _ go without quotes`);
    const [, sign, quoted, regex, word] = found;
    terms.push({ kind: sign === "-" ? "none" : sign === "?" ? "any" : "all", test: testOf(quoted, regex, word) });
  }
  return terms;
}

function testOf(quoted: string | undefined, regex: string | undefined, word: string | undefined): Matches {
  if (regex !== undefined) {
    const compiled = compileRegex(regex);
    return (line) => compiled.test(line);
  }
  const literal = quoted ?? word ?? "";
  // How a quote inside a quoted term is written is not documented.
  if (literal.includes("\\")) throw new PatternError(`"${literal}": a backslash in a term has no documented meaning`);
  return (line) => line.includes(literal);
}
