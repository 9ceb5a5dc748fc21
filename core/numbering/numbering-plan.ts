import { Metadata } from "libphonenumber-js/core";
import metadata from "libphonenumber-js/metadata.max.json";
import { expandPattern, type DigitPattern } from "./expand-pattern";

/** Number types of libphonenumber that this package reads. */
export type NumberType =
  | "FIXED_LINE"
  | "TOLL_FREE"
  | "MOBILE"
  | "PREMIUM_RATE"
  | "SHARED_COST"
  | "PAGER"
  | "UAN"
  | "VOIP"
  | "PERSONAL_NUMBER"
  | "VOICEMAIL";

/** Numbering of one country as libphonenumber-js 1.13 (full metadata) describes it. */
export interface NumberingPlan {
  /** Country calling code, for example `"81"`. */
  readonly callingCode: string;
  /** National (trunk) prefix; empty where there is none. */
  readonly nationalPrefix: string;
  /** The usual one of {@link internationalPrefixes}, for example `"00"` or `"011"`. */
  readonly internationalPrefix: string;
  /** International prefixes (IDD) of the country, those of single carriers included, for example `010`. */
  readonly internationalPrefixes: readonly DigitPattern[];
  /** National significant numbers of one type. */
  numbers(type: NumberType): DigitPattern[];
}

interface PlanOfLibrary {
  callingCode(): string;
  nationalPrefix(): string | number | undefined;
  IDDPrefix(): string | undefined;
  defaultIDDPrefix(): string | number | undefined;
  type(name: string): { pattern(): string | undefined; possibleLengths(): number[] } | undefined;
}

/** Every country of the metadata (ISO 3166-1 alpha-2). */
export const countries: readonly string[] = Object.keys(metadata.countries);

/** True when the numbering plans (libphonenumber-js 1.13, full metadata) know the country. */
export function isCountry(country: string): boolean {
  return Object.hasOwn(metadata.countries, country);
}

/**
 * The numbering plan of one country.
 * @throws Error for a country that {@link isCountry} does not know.
 */
export function numberingPlanOf(country: string): NumberingPlan {
  const all = new Metadata(metadata as never);
  all.selectNumberingPlan(country as never);
  const plan = all.numberingPlan as unknown as PlanOfLibrary;
  // Where a country has no prefix (Italy) or no usual one (United Kingdom), the metadata may hold the number 0 in its place.
  const nationalPrefix = plan.nationalPrefix();
  const internationalPrefixes = expandPattern(plan.IDDPrefix() ?? "");
  return {
    callingCode: plan.callingCode(),
    nationalPrefix: typeof nationalPrefix === "string" ? nationalPrefix : "",
    internationalPrefix: usualPrefix(plan.defaultIDDPrefix(), internationalPrefixes),
    internationalPrefixes,
    numbers: (type) => numbersOf(plan, type),
  };
}

/**
 * The usual international prefix without its dial tone (`8~10` is `810`). Where carriers have prefixes of their own: `00` if one of them
 * begins so, or else the first (Palau: `011`).
 */
function usualPrefix(usual: string | number | undefined, all: readonly DigitPattern[]): string {
  if (typeof usual === "string") return usual.replace("~", "");
  const [first = ["0", "0"]] = all;
  const longer = all.some(([one, two]) => one?.includes("0") && two?.includes("0"));
  return longer ? "00" : first.map((digits) => digits.charAt(0)).join("");
}

function numbersOf(plan: PlanOfLibrary, type: NumberType): DigitPattern[] {
  const numbers = plan.type(type);
  const expression = numbers?.pattern();
  if (numbers === undefined || expression === undefined || expression === "") return [];
  const lengths = new Set(numbers.possibleLengths());
  return expandPattern(expression).filter((digits) => lengths.has(digits.length));
}
