import type { DialPlan } from "./dial-plan";

/** One way to write a number that is called; undefined where the country has none. */
type Spelling = (digits: string, plan: DialPlan) => string | undefined;

const national = (digits: string, { callingCode }: DialPlan) =>
  digits.startsWith(callingCode) ? digits.slice(callingCode.length) : undefined;

/**
 * The ways in which carriers write the called number (RFC 3966 leaves all but the first to them), the least ambiguous first: E.164 with
 * and without `+`, with the national prefix, with the international prefix, and the national number alone.
 */
const spellings: readonly Spelling[] = [
  (digits) => `+${digits}`,
  (digits) => digits,
  (digits, plan) => prefixed(plan.nationalPrefix, national(digits, plan)),
  (digits, plan) => `${plan.internationalPrefix}${digits}`,
  national,
];

const prefixed = (prefix: string, digits: string | undefined) => (digits === undefined ? undefined : prefix + digits);

/**
 * How a carrier may write each of the numbers it brings: E.164 number with a leading `+` → its spellings, each once. A spelling that
 * fits two numbers, such as the national number of one that is another's number abroad, stays with the less ambiguous of the two.
 */
export function spellingsOf(numbers: readonly string[], plan: DialPlan): ReadonlyMap<string, readonly string[]> {
  const owners = new Map<string, string>();
  for (const spell of spellings)
    for (const number of numbers) {
      const text = spell(number.slice(1), plan);
      if (text !== undefined && !owners.has(text)) owners.set(text, number);
    }
  const all = new Map<string, string[]>(numbers.map((number) => [number, []]));
  for (const [text, number] of owners) all.get(number)?.push(text);
  return all;
}
