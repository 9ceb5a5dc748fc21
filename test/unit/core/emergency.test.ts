import metadata from "libphonenumber-js/metadata.max.json";
import { emergencyNumbers, worldwideEmergencyNumbers } from "../../../core/numbering/emergency";
import { emergencyCorrections } from "../../../core/numbering/emergency-corrections";
import { parseSpec } from "../../../core/spec/parse-spec";

const countries = Object.keys(metadata.countries);

/** Messages about an extension given to a phone and to a group. */
function refusals(country: string, number: string): string[] {
  const networks = ["198.51.100.0/24"];
  const spec = (phone: string, group: string) => ({
    country,
    admins: ["198.51.100.7/32"],
    phones: { sales: { number: phone, networks } },
    groups: { all: { number: group, phones: ["sales"] } },
  });
  return [spec(number, "7777"), spec("7777", number)].flatMap((draft) => {
    const parsed = parseSpec(draft, new Date(0));
    return "issues" in parsed ? parsed.issues.map(({ path, message }) => `${path}: ${message}`) : [];
  });
}

describe("emergency numbers", () => {
  test.each<[string, string[]]>([
    ["NG", ["112", "199"]],
    ["GH", ["112", "191", "192", "193", "999"]],
    ["UG", ["112", "999"]],
    ["AM", ["101", "102", "103", "112", "911"]],
    ["JP", ["110", "118", "119"]],
    ["ES", ["061", "062", "080", "085", "088", "091", "092", "112"]],
    ["RS", ["112", "192", "193", "194"]],
    ["CN", ["110", "119", "120", "122"]],
    ["ID", ["110", "112", "113", "115", "118", "119"]],
    ["TT", ["811", "990", "999"]],
    ["GA", ["1300", "1730", "177", "18"]],
    ["DE", ["110", "112"]],
  ])("of %s are %j", (country, expected) => {
    expect(emergencyNumbers(country)).toEqual(expected);
  });

  test("of France hold the regulator's list", () => {
    expect(emergencyNumbers("FR")).toEqual(expect.arrayContaining(["112", "114", "15", "17", "18", "191", "196"]));
  });

  test.each(countries)("of %s are digits, sorted, without repetition", (country) => {
    const numbers = emergencyNumbers(country);
    expect(numbers).toEqual([...new Set(numbers)].sort());
    for (const number of numbers) expect(number).toMatch(/^\d{2,6}$/);
  });

  test("each correction has a source and changes something", () => {
    for (const [country, { add = [], remove = [], source }] of Object.entries(emergencyCorrections)) {
      expect(countries).toContain(country);
      // Publisher, then a title in quotes, a number or date of a document, or what it is.
      expect(source).toMatch(/^[A-Z][^",:]{2,}[,:] .*("[^"]+"|\d{4}|Article \d+)/);
      expect(emergencyNumbers(country)).toEqual(expect.arrayContaining([...add]));
      for (const number of remove) expect(emergencyNumbers(country)).not.toContain(number);
      expect(add.length + remove.length).toBeGreaterThan(0);
    }
  });
});

describe("as an extension, of a phone and of a group,", () => {
  test.each(countries)("every emergency number of %s is refused", (country) => {
    for (const number of [...emergencyNumbers(country), ...worldwideEmergencyNumbers])
      expect(refusals(country, number)).toEqual([
        expect.stringMatching(`^phones.sales.number: "${number}" is an emergency number .*; choose another extension$`),
        expect.stringMatching(`^groups.all.number: "${number}" is an emergency number .*; choose another extension$`),
      ]);
  });

  test.each(["112", "911", "000", "08", "110", "999", "118", "119"])("%s is refused where it is none", (number) => {
    const where = ["CK", "WF", "RS"].filter((country) => !emergencyNumbers(country).includes(number));
    for (const country of where)
      expect(refusals(country, number)[0]).toBe(
        `phones.sales.number: "${number}" is an emergency number for mobile phones in every country; choose another extension`,
      );
    expect(where.length).toBeGreaterThan(0);
  });

  test.each(["101", "102", "104", "200"])("%s passes in JP", (number) => {
    expect(refusals("JP", number)).toEqual([]);
  });
});
