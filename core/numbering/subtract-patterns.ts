import type { DigitPattern, DigitSet } from "./expand-pattern";

const anyDigit: DigitSet = "0123456789";

/**
 * Numbers of one pattern that another does not match, as disjoint patterns.
 * There are at most as many as positions at which the other is narrower: `[2-9]XX XXX XXXX` without `[2-9]XX 976 XXXX` is three.
 */
export function subtractPattern(from: DigitPattern, taken: DigitPattern): DigitPattern[] {
  const common = intersectPatterns(from, taken);
  if (common === undefined) return [from];
  return from.flatMap((digits, position) => {
    const left = without(digits, taken[position] ?? "");
    return left === "" ? [] : [[...common.slice(0, position), left, ...from.slice(position + 1)]];
  });
}

/** Numbers that one of the first patterns matches and none of the second. */
export function subtractPatterns(from: readonly DigitPattern[], taken: readonly DigitPattern[]): DigitPattern[] {
  return taken.reduce<DigitPattern[]>((left, each) => left.flatMap((one) => subtractPattern(one, each)), [...from]);
}

/** Numbers that both patterns match, or undefined where there is none. */
export function intersectPatterns(one: DigitPattern, other: DigitPattern): DigitPattern | undefined {
  if (one.length !== other.length) return undefined;
  const common = one.map((digits, position) => shared(digits, other[position] ?? ""));
  return common.includes("") ? undefined : common;
}

/** Numbers of `length` digits that begin with `prefix`: one pattern, or none where the prefix is longer. */
export function beginningWith(prefix: DigitPattern, length: number): DigitPattern[] {
  if (prefix.length > length) return [];
  return [[...prefix, ...Array.from({ length: length - prefix.length }, () => anyDigit)]];
}

/** The same numbers in fewer patterns: those that differ at one position only become one. */
export function mergePatterns(patterns: readonly DigitPattern[]): DigitPattern[] {
  let merged = [...patterns];
  for (;;) {
    const before = merged.length;
    const longest = Math.max(0, ...merged.map(({ length }) => length));
    for (let position = longest - 1; position >= 0; position--) merged = mergedAt(merged, position);
    if (merged.length === before) return merged;
  }
}

function mergedAt(patterns: readonly DigitPattern[], position: number): DigitPattern[] {
  const groups = new Map<string, DigitPattern>();
  for (const pattern of patterns) {
    const digits = pattern[position];
    const key = pattern.map((set, index) => (index === position ? "" : set)).join(",");
    const other = groups.get(key)?.[position];
    const union = digits === undefined ? undefined : sorted(digits + (other ?? ""));
    groups.set(key, union === undefined ? pattern : replaced(pattern, position, union));
  }
  return [...groups.values()];
}

function shared(one: DigitSet, other: DigitSet): DigitSet {
  return Array.from(one)
    .filter((digit) => other.includes(digit))
    .join("");
}

function without(one: DigitSet, other: DigitSet): DigitSet {
  return Array.from(one)
    .filter((digit) => !other.includes(digit))
    .join("");
}

function sorted(digits: string): DigitSet {
  return [...new Set(digits)].sort().join("");
}

function replaced(pattern: DigitPattern, position: number, digits: DigitSet): DigitPattern {
  return pattern.map((set, index) => (index === position ? digits : set));
}
