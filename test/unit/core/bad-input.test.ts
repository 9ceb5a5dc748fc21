import { SpecError } from "../../../core/issue";
import { parseSpec } from "../../../core/spec/parse-spec";
import { badNames } from "./bad-input/bad-names";
import { badNetworks } from "./bad-input/bad-networks";
import { badShapes } from "./bad-input/bad-shapes";
import { another, good, office, overlong, spec, trunk } from "./bad-input/good-spec";

function issuesOf(input: unknown): string[] {
  const parsed = parseSpec(input, new Date(0));
  return "issues" in parsed ? parsed.issues.map(({ path, message }) => `${path}: ${message}`) : [];
}

test("the spec that the cases change is good", () => {
  expect(issuesOf(good())).toEqual([]);
});

test.each([...badShapes, ...badNames, ...badNetworks])("refuses %s", (_what, input, expected, cure) => {
  const found = issuesOf(input);
  expect(found).toHaveLength(expected.length);
  for (const [index, start] of expected.entries()) expect(found[index]?.slice(0, start.length)).toBe(start);
  expect(found.join("\n")).toContain(cure);
  expect(found.join("\n")).not.toMatch(/Invalid input|undefined|\[object/);
});

test("all issues of one spec come at once, each with its own place", () => {
  const found = issuesOf({
    country: "japan",
    admins: ["0.0.0.0/0", 7],
    phones: { "1": another, attic: { number: 103, network: office } },
    limits: { calls: 0 },
    color: 1,
  });
  expect(found.map((line) => line.split(": ")[0]).sort()).toEqual([
    "admins.0",
    "admins.1",
    "color",
    "country",
    "limits.calls",
    "phones.1",
    "phones.attic.network",
    "phones.attic.number",
  ]);
});

test.each<[string, () => unknown]>([
  ["one text", () => spec({ country: overlong })],
  ["one key", () => spec({ [overlong]: 1 })],
  ["many texts", () => spec({ admins: Array(2_000_000).fill("junk!") })],
  ["many wrong networks", () => spec({ admins: Array(150_000).fill("300.300.300.300/32") })],
  [
    "many unknown keys",
    () => Object.fromEntries(Array.from({ length: 150_000 }, (_, n) => [`key-number-${n}-${"x".repeat(50)}`, n])),
  ],
  [
    "many wrong phones",
    () => spec({ phones: Object.fromEntries(Array.from({ length: 66_000 }, (_, n) => [`X${n}`, { number: n }])) }),
  ],
  [
    "many phones of one number",
    () => spec({ phones: Object.fromEntries(Array.from({ length: 40_000 }, (_, n) => [`p${n}`, another])) }),
  ],
  [
    "many numbers for nobody",
    () =>
      trunk({
        numbers: Object.fromEntries(Array.from({ length: 150_000 }, (_, n) => [`+8131${n + 1_000_000}`, "nobody"])),
      }),
  ],
])(
  "answers 10 MB of junk with a message a screen can hold: %s",
  (_what, make) => {
    const input = make();
    const parsed = parseSpec(input, new Date(0));
    const message = "issues" in parsed ? new SpecError(parsed.issues).message : "";
    expect(message).toContain("The PBX spec has");
    expect(message.length).toBeLessThan(60_000);
  },
  60_000,
);
