import { dialPlanFor, type DialRule } from "../../../core/numbering/dial-plan";
import { expandPattern, type DigitPattern } from "../../../core/numbering/expand-pattern";
import { countries } from "../../../core/numbering/numbering-plan";
import { intersectPatterns } from "../../../core/numbering/subtract-patterns";
import { costlyNumbers, readPattern } from "../../load/parts/costly-numbers";
import { digitsBeforeDial } from "../../load/parts/outbound-check";

/** National significant numbers that a rule asks the carrier for. */
const askedFor = ({ pattern, strip }: DialRule): DigitPattern => readPattern(pattern).slice(strip);

/** Numbers that rules ask for and that one of the patterns matches. */
function overlaps(rules: readonly DialRule[], patterns: readonly DigitPattern[]): DigitPattern[] {
  const asked = [...new Map(rules.map((rule) => [askedFor(rule).join(), askedFor(rule)])).values()];
  return asked
    .flatMap((one) => patterns.map((other) => intersectPatterns(one, other)))
    .filter((both) => both !== undefined);
}

const rulesOf = (country: string) => Object.values(dialPlanFor(country).rules).flat();

test("245 countries: no rule asks for a number of a costly type, of any country with the same calling code", () => {
  expect(countries).toHaveLength(245);
  const found = countries.filter((country) => overlaps(rulesOf(country), costlyNumbers(country)).length > 0);
  expect(found).toEqual([]);
});

test("245 countries: what a rule asks for passes the check before Dial and is E.164", () => {
  const wrong = countries.filter((country) =>
    rulesOf(country).some((rule) => {
      const { length } = askedFor(rule);
      return (
        length < digitsBeforeDial.fewest || length > digitsBeforeDial.most || rule.e164Prefix.length - 1 + length > 15
      );
    }),
  );
  expect(wrong).toEqual([]);
});

test("a rule that lets one premium number through is found", () => {
  const rule: DialRule = { pattern: "_+46[19]00123XXX", strip: 3, e164Prefix: "+46" };
  const digit = "0123456789";
  expect(overlaps([rule], expandPattern("900\\d{6}"))).toEqual([[...Array.from("900123"), digit, digit, digit]]);
  expect(overlaps([rule], costlyNumbers("SE"))).not.toEqual([]);
});
