import { getCountries } from "libphonenumber-js/core";
import metadata from "libphonenumber-js/metadata.max.json";
import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { dialPlanFor } from "../../../core/numbering/dial-plan";
import { spellingsOf } from "../../../core/numbering/spellings";
import { platformOf } from "../../../core/platform/platforms";
import { resolveProfile } from "../../../core/profile/resolve-profile";
import { parseSpec } from "../../../core/spec/parse-spec";

const of = (country: string, number: string) => spellingsOf([number], dialPlanFor(country)).get(number);

describe("the spellings of a number that is called", () => {
  test.each([
    ["US", "+12125550100", ["+12125550100", "12125550100", "01112125550100", "2125550100"]],
    ["DE", "+4930123456", ["+4930123456", "4930123456", "030123456", "004930123456", "30123456"]],
    ["IT", "+390236618300", ["+390236618300", "390236618300", "0236618300", "00390236618300"]],
    ["JP", "+81312345678", ["+81312345678", "81312345678", "0312345678", "01081312345678", "312345678"]],
    ["DE", "+43123456", ["+43123456", "43123456", "0043123456"]],
  ])("in %s, %s", (country, number, expected) => {
    expect(of(country, number)).toEqual(expected);
  });

  test.each([
    ["GB", "+442079460000", "00442079460000"],
    ["RO", "+40212345678", "0040212345678"],
    ["TW", "+886223456789", "00886223456789"],
    ["RU", "+74951234567", "81074951234567"],
    ["BY", "+375171234567", "810375171234567"],
    ["AU", "+61255501234", "001161255501234"],
    ["PW", "+6804881234", "0116804881234"],
  ])("in %s holds %s behind the international prefix", (country, number, expected) => {
    expect(of(country, number)).toContain(expected);
  });

  test("that fits two numbers is the one's whose it is with country code", () => {
    const both = spellingsOf(["+49301234567", "+301234567"], dialPlanFor("DE"));
    expect([both.get("+49301234567"), both.get("+301234567")]).toEqual([
      ["+49301234567", "49301234567", "0301234567", "0049301234567"],
      ["+301234567", "301234567", "00301234567"],
    ]);
  });

  test("holds the ten digits of a number in each of the 25 countries of +1", () => {
    const countries = getCountries(metadata as never).filter((country) => dialPlanFor(country).callingCode === "1");
    expect(countries).toHaveLength(25);
    for (const country of countries) expect(of(country, "+12125550100")).toContain("2125550100");
  });

  test("reaches the phone of the public case", () => {
    const file = path.join(__dirname, "../../cases/01-nanp-ten-digit-did.yaml");
    const { profile } = profileOf(parse(readFileSync(file, "utf8")));
    expect(profile.trunks[0]?.numbers).toMatchObject([
      { extension: "101", spellings: expect.arrayContaining(["2125550100"]) as unknown },
    ]);
  });
});

function profileOf(input: unknown) {
  const parsed = parseSpec(input, new Date("2026-11-30"));
  if ("issues" in parsed) throw new Error(JSON.stringify(parsed.issues));
  return { profile: resolveProfile(parsed.spec, { platform: platformOf("debian-14") }) };
}
