import { allowedNumbers, dialledPrefixes, type OutsideClass } from "./allowed-numbers";
import type { DigitPattern } from "./expand-pattern";
import { numberingPlanOf } from "./numbering-plan";

export type { OutsideClass } from "./allowed-numbers";
export { isCountry } from "./numbering-plan";

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

/**
 * The closed numbering of one country.
 * @throws Error for a country that {@link isCountry} does not know.
 */
export function dialPlanFor(country: string): DialPlan {
  const plan = numberingPlanOf(country);
  const { callingCode, nationalPrefix } = plan;
  const e164Prefix = `+${callingCode}`;
  const rulesFor = (outsideClass: OutsideClass): DialRule[] =>
    allowedNumbers(country, plan, outsideClass).flatMap((digits) =>
      [...dialledPrefixes(plan), e164Prefix].map((prefix) => ({
        pattern: asteriskPattern(prefix, digits),
        strip: prefix.length,
        e164Prefix,
      })),
    );
  const { internationalPrefix } = plan;
  return {
    callingCode,
    nationalPrefix,
    internationalPrefix,
    rules: { national: rulesFor("national"), mobile: rulesFor("mobile") },
  };
}

function asteriskPattern(prefix: string, digits: DigitPattern): string {
  return `_${prefix}${digits.map(asteriskDigit).join("")}`;
}

function asteriskDigit(set: string): string {
  if (set.length === 1) return set;
  return set === "0123456789" ? "X" : `[${set}]`;
}
