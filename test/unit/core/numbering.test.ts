import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import { dialPlanFor, isCountry, type DialRule } from "../../../core/numbering/dial-plan";
import { expandPattern } from "../../../core/numbering/expand-pattern";

/**
 * Asterisk's matching of the few pattern elements we write (main/pbx.c), for a text without dashes: Asterisk skips those, and the dial
 * plan takes them out before. What a running Asterisk makes of a text is judged in `test/e2e/dialled-text.test.ts`.
 */
function matches(rules: readonly DialRule[], dialled: string): DialRule | undefined {
  return rules.find(({ pattern }) =>
    new RegExp(`^${pattern.slice(1).replaceAll("+", "\\+").replaceAll("X", "\\d")}$`).test(dialled),
  );
}

const asked = (rule: DialRule | undefined, dialled: string) => rule && rule.e164Prefix + dialled.slice(rule.strip);

describe("expandPattern", () => {
  test.each([
    ["12", ["1.2"]],
    ["1[2-4]", ["1.234"]],
    ["1[24-6]?", ["1", "1.2456"]],
    ["(?:1|2[34])5", ["1.5", "2.34.5"]],
    ["1\\d{2}", ["1.0123456789.0123456789"]],
    ["12{1,3}", ["1.2", "1.2.2", "1.2.2.2"]],
  ])("expands %s", (expression, expected) => {
    expect(expandPattern(expression).map((digits) => digits.join("."))).toEqual(expected);
  });

  test.each(["1.", "1*", "(1)", "[^1]", "(?=1)", "(?:1", "1)"])("refuses %s", (expression) => {
    expect(() => expandPattern(expression)).toThrow();
  });
});

describe("the closed numbering", () => {
  test("expands every country's numbers", () => {
    const countries = ["JP", "DE", "US", "GB", "IT", "CN", "FR", "CH", "AU", "BR", "IN", "ZA"];
    for (const country of countries) expect(dialPlanFor(country).rules.national.length).toBeGreaterThan(0);
  });

  test.each<[string, "national" | "mobile", string, string]>([
    ["JP", "national", "0312345678", "+81312345678"],
    ["JP", "national", "+81312345678", "+81312345678"],
    ["JP", "mobile", "09012345678", "+819012345678"],
    ["DE", "national", "030123456", "+4930123456"],
    ["US", "national", "12125550100", "+12125550100"],
    ["US", "national", "2125550100", "+12125550100"],
    ["IT", "national", "0236618300", "+390236618300"],
  ])("%s %s: %s is asked for as %s", (country, outsideClass, dialled, e164) => {
    expect(asked(matches(dialPlanFor(country).rules[outsideClass], dialled), dialled)).toBe(e164);
  });

  test.each([
    ["JP", "0990123456", "premium rate"],
    ["JP", "0101234567890", "international"],
    ["JP", "+441234567890", "another country"],
    ["JP", "031234567", "one digit short"],
    ["JP", "03123456789", "one digit long"],
    ["DE", "0900312345", "premium rate"],
    ["US", "19005550100", "premium rate"],
    ["US", "18765550100", "Jamaica"],
    ["US", "011441234567890", "international"],
    ["JP", "0312345678&PJSIP/0099999@trunk", "an injected leg"],
  ])("%s does not dial %s (%s)", (country, dialled) => {
    const { national, mobile } = dialPlanFor(country).rules;
    expect(matches([...national, ...mobile], dialled)).toBeUndefined();
  });

  test("agrees with libphonenumber on numbers drawn at random", () => {
    const { national } = dialPlanFor("JP").rules;
    let seed = 1;
    const next = () => (seed = (seed * 48271) % 2147483647);
    for (let i = 0; i < 3000; i++) {
      const dialled = `0${String(next()).padStart(10, "7").slice(0, 9)}`;
      const type = parsePhoneNumberFromString(dialled, "JP")?.getType();
      expect([dialled, matches(national, dialled) !== undefined]).toEqual([
        dialled,
        type === "FIXED_LINE" || type === "TOLL_FREE",
      ]);
    }
  });

  test("knows countries", () => {
    expect([isCountry("JP"), isCountry("XX"), isCountry("toString")]).toEqual([true, false, false]);
  });
});
