import type { DialClass } from "../../../core/spec/spec";
import { transferWarnings } from "../../../core/spec/transfer-warnings";
import { resolveProfile } from "../../../core/profile/resolve-profile";
import { platformOf } from "../../../core/platform/platforms";
import type { PbxSpec } from "../../../core/spec/spec";

const specOf = (mayDial: Record<string, DialClass[] | undefined>): PbxSpec => ({
  country: "DE",
  admins: ["198.51.100.7/32"],
  phones: Object.fromEntries(
    Object.entries(mayDial).map(([name, classes], index) => [
      name,
      { number: String(101 + index), networks: ["198.51.100.0/24"], ...(classes && { mayDial: classes }) },
    ]),
  ),
});

test.each<[string, Record<string, DialClass[] | undefined>, string[]]>([
  ["nobody may dial outside", { sales: ["internal"], desk: undefined }, []],
  ["everybody may dial outside", { sales: ["national"], desk: ["internal", "mobile"] }, []],
  ["one phone alone may dial outside", { sales: ["national"], desk: ["internal"], hall: undefined }, ["desk", "hall"]],
])("when %s, phones without transfer are %j: %j", (_when, mayDial, without) => {
  const spec = specOf(mayDial);
  const messages = transferWarnings(spec).map(({ message }) => message);
  expect(messages).toEqual(
    without.length === 0
      ? []
      : [expect.stringMatching(`^${without.join(", ")} may dial "internal" only .* "national"`)],
  );
  // What is warned of is what the profile decides.
  const { phones } = resolveProfile(spec, { platform: platformOf() });
  expect(phones.filter(({ mayTransfer }) => !mayTransfer).map(({ name }) => name)).toEqual(without);
});

test("a warning lists five phones and counts the rest", () => {
  const many = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`p${index}`, undefined]));
  expect(transferWarnings(specOf({ boss: ["national"], ...many }))[0]?.message).toMatch(
    /^p0, p1, p2, p3, p4 and 4 more may dial/,
  );
});
