import { deniedNumbers } from "./deny-list";
import type { DigitPattern } from "./expand-pattern";
import type { NumberingPlan, NumberType } from "./numbering-plan";
import { beginningWith, mergePatterns, subtractPatterns } from "./subtract-patterns";

/** Kinds of numbers a phone may be allowed to dial outside the PBX. */
export type OutsideClass = "national" | "mobile";

/** Number types of libphonenumber that each class allows; whatever is not named here cannot be dialled. */
const allowedTypes: Readonly<Record<OutsideClass, readonly NumberType[]>> = {
  national: ["FIXED_LINE", "TOLL_FREE"],
  mobile: ["MOBILE"],
};

/** Number types that cost more than an ordinary call; they win where one number has two types. */
export const costlyTypes: readonly NumberType[] = ["PREMIUM_RATE", "SHARED_COST", "PAGER"];

/** Toll-free numbers that begin with 00 are codes of international carriers; mobile numbers in Tajikistan begin with 00. */
const carrierCode: DigitPattern = ["0", "0"];

/** Digits of the longest number of ITU-T E.164, calling code included. The metadata of DE and NG has longer ones. */
const e164Digits = 15;

/**
 * National significant numbers that a class allows in one country: its types of libphonenumber, without the costly types,
 * without the deny list, and without those that an exchange could take for an international call.
 */
export function allowedNumbers(country: string, plan: NumberingPlan, outsideClass: OutsideClass): DigitPattern[] {
  const numbers = allowedTypes[outsideClass].flatMap((type) => numbersWithoutCarrierCodes(plan, type));
  const all = numbers.filter(({ length }) => plan.callingCode.length + length <= e164Digits);
  const costly = costlyTypes.flatMap((type) => plan.numbers(type));
  const national = mergePatterns(all).flatMap((digits) => {
    const international = internationalNumbers(plan, digits.length);
    return subtractPatterns([digits], [...international, ...costly, ...deniedNumbers(country, plan.callingCode)]);
  });
  return mergePatterns(national);
}

function numbersWithoutCarrierCodes(plan: NumberingPlan, type: NumberType): DigitPattern[] {
  const numbers = plan.numbers(type);
  if (type !== "TOLL_FREE") return numbers;
  return numbers.flatMap((digits) => subtractPatterns([digits], beginningWith(carrierCode, digits.length)));
}

/** Prefixes with which a national number of the country is dialled. */
export function dialledPrefixes({ nationalPrefix }: NumberingPlan): readonly string[] {
  // North America dials ten digits with or without the 1; elsewhere a missing prefix means a local number.
  return nationalPrefix === "1" ? ["1", ""] : [nationalPrefix];
}

/** National numbers of one length that, as dialled or by themselves, begin with an international prefix. */
function internationalNumbers(plan: NumberingPlan, length: number): DigitPattern[] {
  const spellings = [...new Set([...dialledPrefixes(plan), ""])];
  const prefixes = spellings.flatMap((spelling) =>
    plan.internationalPrefixes.flatMap((prefix) => behind(spelling, prefix)),
  );
  return prefixes.flatMap((prefix) => beginningWith(prefix, length));
}

/** What of `prefix` is left to dial after `spelling`: one pattern, or none where they differ. */
function behind(spelling: string, prefix: DigitPattern): DigitPattern[] {
  const agrees = Array.from(spelling).every((digit, position) => prefix[position]?.includes(digit) ?? true);
  return agrees ? [prefix.slice(spelling.length)] : [];
}
