import { dialPlanFor, type DialRule } from "../../../core/numbering/dial-plan";
import type { DigitPattern } from "../../../core/numbering/expand-pattern";
import { intersectPatterns } from "../../../core/numbering/subtract-patterns";
import { costlyNumbers, readPattern } from "./costly-numbers";
import { digitsBeforeDial } from "./outbound-check";

/** A text that a phone dials, and what the carrier may be asked for because of it; undefined: nothing. */
export interface DialledText {
  readonly text: string;
  readonly asked: string | undefined;
}

type Random = () => number;

const oneOf = <T>(all: readonly T[], random: Random): T | undefined => all[Math.floor(random() * all.length)];

/** A number that the pattern matches. */
const drawn = (pattern: DigitPattern, random: Random) =>
  pattern.map((digits) => oneOf(Array.from(digits), random) ?? "").join("");

/** Numbers that a country's rules let through, clean and with what people write between digits. */
export function allowedTexts(country: string, count: number, random: Random): DialledText[] {
  const rules = Object.values(dialPlanFor(country).rules)
    .flat()
    .filter((rule) => isDiallable(rule));
  if (rules.length === 0) return [];
  return Array.from({ length: count }, (_, index) => {
    const { pattern, strip, e164Prefix } = oneOf(rules, random) ?? { pattern: "_", strip: 0, e164Prefix: "" };
    const clean = drawn(readPattern(pattern), random);
    const text = index % 2 === 0 ? clean : separated(clean, random);
    return { text, asked: e164Prefix + clean.slice(strip) };
  });
}

/** Whether what the rule asks for passes the check before Dial. */
function isDiallable({ pattern, strip }: DialRule): boolean {
  const digits = readPattern(pattern).length - strip;
  return digits >= digitsBeforeDial.fewest && digits <= digitsBeforeDial.most;
}

/** Separators between digits and before the first one; a text may not begin with a dot, a space or a closing bracket. */
function separated(clean: string, random: Random): string {
  const between = Array.from(clean, (digit) =>
    random() < 0.3 ? `${oneOf(["-", ".", " ", "(", ")"], random)}${digit}` : digit,
  );
  return `${oneOf(["-", "--", "(", ""], random)}${between.join("").replace(/^[. )]+/, "")}`;
}

/** Costly numbers of a country, dialled as its ordinary numbers are. */
export function costlyTexts(country: string, count: number, random: Random): DialledText[] {
  const { callingCode, nationalPrefix } = dialPlanFor(country);
  const costly = costlyNumbers(country);
  if (costly.length === 0) return [];
  return Array.from({ length: count }, (_, index) => {
    const number = drawn(oneOf(costly, random) ?? [], random);
    const text = (index % 2 === 0 ? nationalPrefix : `+${callingCode}`) + number;
    return { text: index % 3 === 0 ? text : separated(text, random), asked: undefined };
  });
}

/**
 * Texts with dashes before them, chosen so that a dial plan which cuts the prefix off by counting characters of the dialled text asks
 * for a costly number, or for one with digits behind it. Asterisk skips the dashes when it matches (main/pbx.c 22.10.1).
 */
export function shiftedTexts(country: string, count: number, random: Random): DialledText[] {
  const costly = costlyNumbers(country);
  const seen = new Map<string, DialledText>();
  for (const rule of Object.values(dialPlanFor(country).rules).flat().filter(isDiallable)) {
    const places = readPattern(rule.pattern);
    for (let dashes = 1; dashes <= rule.strip && seen.size < count; dashes++) {
      const number = shifted(places, rule.strip - dashes, costly, random);
      if (number === undefined) continue;
      const text = "-".repeat(dashes) + number;
      seen.set(text, { text, asked: rule.e164Prefix + number.slice(rule.strip) });
    }
  }
  return [...seen.values()];
}

/** A number of the rule whose digits from `start` on begin with a costly number. */
function shifted(
  places: DigitPattern,
  start: number,
  costly: readonly DigitPattern[],
  random: Random,
): string | undefined {
  const rest = places.slice(start);
  for (const one of costly) {
    const both = intersectPatterns(rest.slice(0, one.length), one);
    if (both !== undefined) return drawn([...places.slice(0, start), ...both, ...rest.slice(one.length)], random);
  }
  return undefined;
}
