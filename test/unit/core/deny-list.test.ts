import fc from "fast-check";
import { allowedNumbers, costlyTypes, dialledPrefixes } from "../../../core/numbering/allowed-numbers";
import { countriesOf, deniedNumbers, denyList } from "../../../core/numbering/deny-list";
import { dialPlanFor } from "../../../core/numbering/dial-plan";
import type { DigitPattern } from "../../../core/numbering/expand-pattern";
import { countries, numberingPlanOf } from "../../../core/numbering/numbering-plan";
import { intersectPatterns, mergePatterns, subtractPatterns } from "../../../core/numbering/subtract-patterns";

const matches = (pattern: DigitPattern, number: string) =>
  pattern.length === number.length && pattern.every((digits, position) => digits.includes(number.charAt(position)));

function dials(country: string, dialled: string): boolean {
  const { national, mobile } = dialPlanFor(country).rules;
  return [...national, ...mobile].some(({ pattern }) =>
    new RegExp(`^${pattern.slice(1).replaceAll("+", "\\+").replaceAll("X", "\\d")}$`).test(dialled),
  );
}

test.each([
  ["ID", "08681234567"],
  ["RU", "+79541234567"],
  ["CN", "017401234567"],
  ["CN", "013491234567"],
  ["FR", "0638001234"],
  ["FR", "+33640041234"],
  ["FR", "0750761234"],
  ["AU", "0420112345"],
  ["CX", "+61489912345"],
  ["AR", "06701234567"],
  ["AR", "+546751234567"],
  ["MX", "+522011234567"],
  ["US", "12129761234"],
  ["JM", "18769761234"],
  ["US", "12125551212"],
  ["JP", "000777012"],
  ["KR", "0003081234567"],
  ["IN", "00008001234567"],
  ["QA", "00800123456"],
  ["IL", "01800123456"],
])("%s does not dial %s", (country, dialled) => {
  expect(dials(country, dialled)).toBe(false);
});

test.each([
  ["FR", "0640101234"],
  ["AU", "0420212345"],
  ["AR", "01112345678"],
  ["MX", "2221234567"],
  ["US", "12125550100"],
  ["US", "18009761234"],
  ["TJ", "001234567"],
  ["JP", "0312345678"],
])("%s dials %s", (country, dialled) => {
  expect(dials(country, dialled)).toBe(true);
});

test.each(countries)("%s allows nothing costly, nothing denied and nothing international", (country) => {
  const plan = numberingPlanOf(country);
  const costly = costlyTypes.flatMap((type) => plan.numbers(type));
  const forbidden = [...costly, ...deniedNumbers(country, plan.callingCode)];
  const allowed = [...allowedNumbers(country, plan, "national"), ...allowedNumbers(country, plan, "mobile")];
  expect(allowed.length).toBeGreaterThan(0);
  for (const digits of allowed) {
    expect(forbidden.some((other) => intersectPatterns(digits, other) !== undefined)).toBe(false);
    for (const prefix of dialledPrefixes(plan)) {
      const dialled = [...Array.from(prefix), ...digits];
      const begins = plan.internationalPrefixes.some(
        (idd) => intersectPatterns(dialled.slice(0, idd.length), idd) !== undefined,
      );
      expect([dialled, begins]).toEqual([dialled, false]);
    }
  }
});

test("subtracting and merging patterns change membership as sets do", () => {
  const digits = fc
    .uniqueArray(fc.constantFrom(...Array.from("0123")), { minLength: 1 })
    .map((set) => set.sort().join(""));
  const patterns = fc.array(fc.array(digits, { minLength: 2, maxLength: 3 }), { maxLength: 4 });
  const number = fc.string({ unit: fc.constantFrom(...Array.from("0123")), minLength: 2, maxLength: 3 });
  fc.assert(
    fc.property(patterns, patterns, number, (from, taken, dialled) => {
      const among = (list: readonly DigitPattern[]) => list.some((pattern) => matches(pattern, dialled));
      expect(among(subtractPatterns(from, taken))).toBe(among(from) && !among(taken));
      expect(among(mergePatterns(from))).toBe(among(from));
    }),
    { seed: 7, numRuns: 2000 },
  );
});

test("every source names publisher and title, and RU alone has none", () => {
  const form = /^(google\/libphonenumber of \d+ \w{3} \d{4}, resources\/\S+: .+|[A-Z][^"]+, "[^"]+".*)$/;
  const without = denyList.filter(({ source }) => source === undefined);
  expect(without.map(({ where }) => where)).toEqual(["RU"]);
  for (const { source } of denyList) if (source !== undefined) expect(source).toMatch(form);
});

test("an entry for a calling code holds in every country that shares it", () => {
  const where = denyList.flatMap((entry) => countriesOf(entry));
  expect(where).toEqual(expect.arrayContaining(["AR", "AU", "CX", "CN", "FR", "ID", "MX", "RU", "US", "JM"]));
  expect(where).not.toContain("DE");
});
