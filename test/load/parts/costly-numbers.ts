import type { DigitPattern } from "../../../core/numbering/expand-pattern";
import { countries, numberingPlanOf, type NumberType } from "../../../core/numbering/numbering-plan";

/** Number types of libphonenumber that no phone may dial. */
const costlyTypes: readonly NumberType[] = [
  ...(["PREMIUM_RATE", "SHARED_COST", "PAGER", "UAN", "VOIP", "PERSONAL_NUMBER", "VOICEMAIL"] as const),
];

const plans = countries.map((country) => numberingPlanOf(country));

/** National significant numbers of the costly types, of every country that has the calling code of `country`. */
export function costlyNumbers(country: string): DigitPattern[] {
  const { callingCode } = numberingPlanOf(country);
  const sharing = plans.filter((plan) => plan.callingCode === callingCode);
  return sharing.flatMap((plan) => costlyTypes.flatMap((type) => plan.numbers(type)));
}

/** Reads an Asterisk pattern such as `_0[36]X` back into the characters allowed at each position. */
export function readPattern(pattern: string): DigitPattern {
  const places = pattern.slice(1).match(/\[\d+\]|./g) ?? [];
  return places.map((place) => (place === "X" ? "0123456789" : place.replace(/[[\]]/g, "")));
}
