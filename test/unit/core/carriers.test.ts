import { carrierPresets } from "../../../core/carriers/carrier";
import { networkFault } from "../../../core/spec/fields";
import { parseSpec, type ParsedSpec } from "../../../core/spec/parse-spec";
import type { TrunkSpec } from "../../../core/spec/spec";

const now = new Date("2026-12-01T12:00:00Z");
const parse = (trunk: TrunkSpec, at = now): ParsedSpec =>
  parseSpec(
    {
      country: "JP",
      admins: ["198.51.100.7/32"],
      phones: { a: { number: "10", networks: ["198.51.100.0/24"] } },
      trunks: { carrier: trunk },
    },
    at,
  );

function trunkOf(parsed: ParsedSpec): TrunkSpec {
  if ("issues" in parsed) throw new Error(JSON.stringify(parsed.issues));
  return parsed.spec.trunks?.["carrier"] ?? {};
}

const issues = (parsed: ParsedSpec) =>
  "issues" in parsed ? parsed.issues.map(({ path, message }) => `${path}: ${message}`).join("\n") : "";
const warnings = (parsed: ParsedSpec) => ("warnings" in parsed ? parsed.warnings.map(({ path }) => path) : []);

const presets = Object.entries(carrierPresets);

test.each(presets)("%s: its addresses are networks as a spec may list them, with their day and source", (_, preset) => {
  expect(Number.isNaN(Date.parse(preset.taken))).toBe(false);
  expect(preset.source).toMatch(/^https:\/\//);
  const networks = Object.values(preset.regions).flatMap(({ signalling, media = [] }) => [...signalling, ...media]);
  expect(networks.length).toBeGreaterThan(0);
  expect(networks.flatMap((network) => networkFault(network, "ipv4") ?? [])).toEqual([]);
});

test.each(presets.filter(([, { regions }]) => Object.values(regions).every(({ media }) => media !== undefined)))(
  "%s alone makes a trunk",
  (carrier) => {
    const { signalling = [], media = [] } = trunkOf(parse({ carrier }));
    expect([signalling.length, media.length].every((count) => count > 0)).toBe(true);
  },
);

test("regions narrow it, and what the owner lists wins", () => {
  expect(trunkOf(parse({ carrier: "twilio", regions: ["tokyo"] }))).toMatchObject({
    signalling: ["54.65.63.192/30"],
    media: ["168.86.128.0/18"],
  });
  const own = { signalling: ["192.0.2.0/28"], media: ["192.0.2.128/25"] };
  expect(trunkOf(parse({ carrier: "twilio", signalling: own.signalling }))).toMatchObject({
    signalling: own.signalling,
    media: ["168.86.128.0/18"],
  });
  expect(trunkOf(parse({ carrier: "twilio", ...own }))).toMatchObject(own);
});

test("a carrier whose audio comes from anywhere needs its media listed", () => {
  expect(issues(parse({ carrier: "flowroute" }))).toMatch(/trunks\.carrier\.media: is missing: the audio of Flowroute/);
  expect(trunkOf(parse({ carrier: "flowroute", media: ["192.0.2.128/25"] })).media).toEqual(["192.0.2.128/25"]);
});

test.each<[string, TrunkSpec, string]>([
  ["a carrier nobody knows", { carrier: "acme" }, "trunks.carrier.carrier: must be one of twilio, telnyx"],
  [
    "a region it has not",
    { carrier: "twilio", regions: ["tokyo", "mars"] },
    'regions.1: "mars" is no region of Twilio',
  ],
  ["regions of none", { signalling: ["192.0.2.0/28"], regions: ["tokyo"] }, "trunks.carrier.regions: is for a known"],
  ["neither carrier nor networks", {}, "trunks.carrier.signalling: must be a list"],
])("%s: refused with what to do", (_, trunk, words) => {
  expect(issues(parse(trunk))).toContain(words);
});

test("addresses looked at more than a year ago are warned of, unless the owner lists them all", () => {
  const later = new Date("2027-11-30T00:00:00Z");
  expect(warnings(parse({ carrier: "telnyx", regions: ["us"] }))).toEqual([]);
  expect(warnings(parse({ carrier: "telnyx", regions: ["us"] }, later))).toEqual(["trunks.carrier.carrier"]);
  expect(warnings(parse({ carrier: "telnyx", signalling: ["192.0.2.0/28"] }, later))).toHaveLength(1);
  const own = { signalling: ["192.0.2.0/28"], media: ["192.0.2.0/28"] };
  expect(warnings(parse({ carrier: "telnyx", ...own }, later))).toEqual([]);
});
