import { Metadata } from "libphonenumber-js/core";
import metadata from "libphonenumber-js/metadata.max.json";
import { expandPattern, type DigitPattern } from "./expand-pattern";

/** Kinds of numbers a phone may be allowed to dial outside the PBX. */
export type OutsideClass = "national" | "mobile";

/** One line of the closed numbering: what is dialled and what the carrier is asked for. */
export interface DialRule {
  /** Asterisk pattern of exact length, for example `_0[36][1-9]XXXXXXX`. */
  readonly pattern: string;
  /** How many leading characters of the dialled number are replaced by `e164Prefix`. */
  readonly strip: number;
  /** The country's calling code with a leading `+`, for example `+81`. */
  readonly e164Prefix: string;
}

/** How one country dials itself. */
export interface DialPlan {
  /** For example `"81"`. */
  readonly callingCode: string;
  /** What stands before a national number when dialled inside the country; empty where there is none. */
  readonly nationalPrefix: string;
  /** What stands before a number abroad when dialled inside the country, for example `"00"` or `"011"`; where carriers have their own, the usual one. */
  readonly internationalPrefix: string;
  readonly rules: Readonly<Record<OutsideClass, readonly DialRule[]>>;
}

/** Number types of libphonenumber that each class allows; whatever is not named here cannot be dialled. */
const typesOf: Record<OutsideClass, readonly ("FIXED_LINE" | "TOLL_FREE" | "MOBILE")[]> = {
  national: ["FIXED_LINE", "TOLL_FREE"],
  mobile: ["MOBILE"],
};

/** True when the numbering plans (libphonenumber-js 1.13, full metadata) know the country. */
export function isCountry(country: string): boolean {
  return Object.hasOwn(metadata.countries, country);
}

/**
 * The closed numbering of one country.
 * @throws Error for a country that {@link isCountry} does not know.
 */
export function dialPlanFor(country: string): DialPlan {
  const plan = planOf(country);
  const callingCode = plan.callingCode();
  // Where a country has none (Italy), the metadata may hold the number 0 in its place.
  const given = plan.nationalPrefix();
  const nationalPrefix = typeof given === "string" ? given : "";
  const e164Prefix = `+${callingCode}`;
  // North America dials ten digits with or without the 1; elsewhere a missing prefix means a local number.
  const prefixes = nationalPrefix === "1" ? ["1", ""] : [nationalPrefix];
  const rulesFor = (outsideClass: OutsideClass): DialRule[] =>
    typesOf[outsideClass]
      .flatMap((type) => patternsOf(plan, type))
      .flatMap((digits) => [
        ...prefixes.map((prefix) => ({ pattern: asteriskPattern(prefix, digits), strip: prefix.length, e164Prefix })),
        { pattern: asteriskPattern(e164Prefix, digits), strip: e164Prefix.length, e164Prefix },
      ]);
  const internationalPrefix = plan.defaultIDDPrefix() ?? plan.IDDPrefix() ?? "";
  return {
    callingCode,
    nationalPrefix,
    internationalPrefix: /^\d+$/.test(internationalPrefix) ? internationalPrefix : "00",
    rules: { national: rulesFor("national"), mobile: rulesFor("mobile") },
  };
}

interface NumberingPlan {
  callingCode(): string;
  nationalPrefix(): string | number | undefined;
  IDDPrefix(): string | undefined;
  defaultIDDPrefix(): string | undefined;
  type(name: string): { pattern(): string | undefined; possibleLengths(): number[] } | undefined;
}

function planOf(country: string): NumberingPlan {
  const all = new Metadata(metadata as never);
  all.selectNumberingPlan(country as never);
  return all.numberingPlan as unknown as NumberingPlan;
}

function patternsOf(plan: NumberingPlan, type: string): DigitPattern[] {
  const numbers = plan.type(type);
  const expression = numbers?.pattern();
  if (numbers === undefined || expression === undefined || expression === "") return [];
  const lengths = new Set(numbers.possibleLengths());
  return expandPattern(expression).filter((digits) => lengths.has(digits.length));
}

function asteriskPattern(prefix: string, digits: DigitPattern): string {
  return `_${prefix}${digits.map(asteriskDigit).join("")}`;
}

function asteriskDigit(set: string): string {
  if (set.length === 1) return set;
  return set === "0123456789" ? "X" : `[${set}]`;
}
