/** One position of a dialled number: the digits allowed there, sorted, for example `"0123"`. */
export type DigitSet = string;

/** Numbers of one exact length, as the digits allowed at each position. */
export type DigitPattern = readonly DigitSet[];

const anyDigit: DigitSet = "0123456789";
const largestExpansion = 20_000;

/**
 * Expands a regular expression over digits, as libphonenumber's metadata writes them, into patterns of exact length.
 * Understands literals, `\d`, `[…]`, `(?:…)`, `|`, `?`, `{n}` and `{n,m}`: all that metadata 1.13 uses.
 * @throws Error on anything else, and when more than 20,000 patterns would come out.
 */
export function expandPattern(expression: string): DigitPattern[] {
  const reader = new Reader(expression);
  const patterns = alternatives(reader);
  if (!reader.atEnd()) throw new Error(`"${expression}" has something unexpected at ${reader.position}`);
  return patterns;
}

class Reader {
  position = 0;
  constructor(readonly text: string) {}

  atEnd(): boolean {
    return this.position >= this.text.length;
  }

  peek(): string {
    return this.text.charAt(this.position);
  }

  /** Takes what a sticky expression matches here, or returns undefined and stays. */
  take(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.position;
    const found = expression.exec(this.text) ?? undefined;
    if (found !== undefined) this.position += found[0].length;
    return found;
  }
}

function alternatives(reader: Reader): DigitPattern[] {
  const all = [...sequence(reader)];
  while (reader.take(/\|/y)) all.push(...sequence(reader));
  return all;
}

function sequence(reader: Reader): DigitPattern[] {
  let prefixes: DigitPattern[] = [[]];
  while (!reader.atEnd() && reader.peek() !== "|" && reader.peek() !== ")") {
    prefixes = joinEach(prefixes, repeated(atom(reader), reader));
  }
  return prefixes;
}

function atom(reader: Reader): DigitPattern[] {
  if (reader.take(/\(\?:/y)) {
    const inner = alternatives(reader);
    if (!reader.take(/\)/y)) throw new Error(`"${reader.text}" has an unclosed group`);
    return inner;
  }
  if (reader.take(/\\d/y)) return [[anyDigit]];
  const set = reader.take(/\[([\d-]+)\]/y);
  if (set?.[1] !== undefined) return [[digitsOf(set[1])]];
  const digit = reader.take(/\d/y);
  if (digit) return [[digit[0]]];
  throw new Error(`"${reader.text}" has something unexpected at ${reader.position}`);
}

function repeated(base: DigitPattern[], reader: Reader): DigitPattern[] {
  const optional = reader.take(/\?/y) ? { low: 0, high: 1 } : undefined;
  const counted = optional ? undefined : reader.take(/\{(\d+)(?:,(\d+))?\}/y);
  const low = optional?.low ?? Number(counted?.[1] ?? 1);
  const high = optional?.high ?? Number(counted?.[2] ?? low);
  const all: DigitPattern[] = [];
  let times: DigitPattern[] = [[]];
  for (let count = 0; count <= high; count++) {
    if (count > 0) times = joinEach(times, base);
    if (count >= low) all.push(...times);
  }
  return all;
}

function joinEach(heads: readonly DigitPattern[], tails: readonly DigitPattern[]): DigitPattern[] {
  if (heads.length * tails.length > largestExpansion) throw new Error("a number pattern expands to too many");
  return heads.flatMap((head) => tails.map((tail) => [...head, ...tail]));
}

function digitsOf(set: string): DigitSet {
  const spans = set.match(/\d-\d|\d/g) ?? [];
  const allowed = (digit: string) =>
    spans.some((span) => digit >= span.charAt(0) && digit <= span.charAt(span.length - 1));
  return Array.from(anyDigit).filter(allowed).join("");
}
