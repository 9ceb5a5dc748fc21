import { parseSpec } from "../../../core/spec/parse-spec";
import type { WaiverSpec } from "../../../core/spec/spec";

const now = new Date("2026-06-01T12:00:00Z");
const ssh: WaiverSpec = {
  protection: "network/require-admin-ssh",
  reason: "the office line comes in July",
  until: "2026-07-31",
};
const udp: WaiverSpec = { ...ssh, protection: "network/require-listed-sip" };
const good = { country: "JP", admins: ["198.51.100.7/32"], phones: { van: { number: "20", roaming: true } } };
const wide = { ...good, admins: ["198.51.100.7/32", "0.0.0.0/0"] };
const overUdp = { ...good, phones: { van: { number: "20", roaming: true, transport: "udp" } } };

function judged(spec: object, waivers: unknown, day = now) {
  const parsed = parseSpec({ ...spec, waivers }, day);
  const lines = (list: readonly { path: string; message: string }[]) =>
    list.map(({ path, message }) => `${path}: ${message}`);
  return "issues" in parsed
    ? { issues: lines(parsed.issues), warnings: [] }
    : { issues: [], warnings: lines(parsed.warnings) };
}

test.each([
  ["SSH from everywhere", wide, ssh, "admins.1"],
  ["a roaming phone over UDP", overUdp, udp, "phones.van.transport"],
])("%s is refused with the offer of a waiver, and only warned of with one", (_what, spec, waiver, path) => {
  const refused = judged(spec, []);
  expect(refused.issues).toEqual([expect.stringMatching(new RegExp(`^${path}: .*; or waive ${waiver.protection}`))]);
  expect(judged(spec, [waiver])).toEqual({
    issues: [],
    warnings: [expect.stringMatching(`^${path}: ${waiver.protection} is waived until 2026-07-31 \\(the office line`)],
  });
});

test("a waiver covers its own protection alone", () => {
  expect(judged(wide, [udp]).issues).toEqual([expect.stringContaining("admins.1: ")]);
});

test("a waiver that nothing needs is warned of", () => {
  expect(judged(good, [ssh]).warnings).toEqual([expect.stringContaining("waivers.0: nothing in this spec needs")]);
});

test("it holds to the end of its last day, in UTC, and is refused after it", () => {
  expect(judged(wide, [ssh], new Date("2026-07-31T23:59:59Z")).warnings).toHaveLength(1);
  expect(judged(wide, [ssh], new Date("2026-08-01T00:00:00Z")).issues).toEqual([
    'waivers.0.until: "2026-07-31" is past; do without what it allows, or decide on a later day',
  ]);
  expect(judged(good, [ssh], new Date("2026-08-01T00:00:00Z")).issues).toHaveLength(1);
});

test.each<[string, unknown, string]>([
  ["more than a year", { ...ssh, until: "2027-06-03" }, 'waivers.0.until: "2027-06-03" is more than a year away'],
  ["no day", { ...ssh, until: "2026-02-30" }, "waivers.0.until: must be a day in quotes"],
  ["a time", { ...ssh, until: "2026-07-31T00:00:00Z" }, "waivers.0.until: must be a day in quotes"],
  ["no reason", { ...ssh, reason: "" }, "waivers.0.reason: must be a text in one line"],
  ["a reason of two lines", { ...ssh, reason: "because of\nthis" }, "waivers.0.reason: must be a text in one line"],
  [
    "a misspelt protection",
    { ...ssh, protection: "network/require-admin-shh" },
    'waivers.0.protection: "network/require-admin-shh" is not known; did you mean "network/require-admin-ssh"?',
  ],
  [
    "a protection that cannot be waived",
    { ...ssh, protection: "rtp/no-ice" },
    'waivers.0.protection: "rtp/no-ice" cannot be waived; only network/',
  ],
  ["an object's own key", { ...ssh, protection: "toString" }, 'waivers.0.protection: "toString" cannot be waived'],
  ["a key too many", { ...ssh, id: 1 }, "waivers.0.id: is not a known key"],
])("refuses a waiver with %s", (_what, waiver, expected) => {
  const { issues } = judged(good, [waiver]);
  expect(issues).toHaveLength(1);
  expect(issues[0]).toContain(expected);
});

test("refuses two waivers of one protection", () => {
  expect(judged(wide, [ssh, ssh]).issues).toEqual([
    expect.stringContaining('waivers.1.protection: "network/require-admin-ssh" is waived already'),
  ]);
});

test("nothing else of a phone on the road or of an admin yields", () => {
  const overTcp = { ...good, phones: { van: { number: "20", roaming: true, transport: "tcp" } } };
  expect(judged(overTcp, [udp, ssh]).issues).toEqual([expect.stringContaining("phones.van.transport: ")]);
  expect(judged({ ...good, admins: ["everywhere"] }, [ssh]).issues).toEqual([expect.stringContaining("admins.0: ")]);
});
