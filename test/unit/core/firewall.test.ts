import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { asterisk22 } from "../../../core/platform/asterisk/22";
import { debian14 } from "../../../core/platform/os/debian-14";
import type { Platform } from "../../../core/platform/platform";
import { resolveProfile } from "../../../core/profile/resolve-profile";
import { parseSpec } from "../../../core/spec/parse-spec";
import type { FirewallSpec, PbxSpec } from "../../../core/spec/spec";
import { renderScenario, type Scenario } from "../../golden/render-scenario";

const file = path.join(__dirname, "../../golden/listed-strangers/spec.yaml");
const spec = parse(readFileSync(file, "utf8")) as PbxSpec;

function issues(firewall: unknown, phones: unknown = spec.phones): string[] {
  const parsed = parseSpec({ ...spec, phones, firewall }, new Date(0));
  return "issues" in parsed ? parsed.issues.map((issue) => `${issue.path}: ${issue.message}`) : [];
}

test.each<[string, FirewallSpec]>([
  ["nothing", {}],
  ["feeds alone", { feeds: ["a", "b-2"] }],
  ["countries alone", { blockCountries: ["US"] }],
  ["both", { feeds: ["a"], allowCountries: ["JP", "NO"] }],
])("takes %s", (_what, firewall) => {
  expect(issues(firewall)).toEqual([]);
});

test.each<[string, unknown, string]>([
  ["a feed that leaves its folder", { feeds: ["../../etc/shadow"] }, "firewall.feeds.0: must begin with a lower-case"],
  ["a feed twice", { feeds: ["a", "a"] }, 'firewall.feeds.1: "a" is listed already; remove one of the two'],
  ["no feed", { feeds: [] }, "firewall.feeds: must list at least one feed; leave it out otherwise"],
  ["six feeds", { feeds: ["a", "b", "c", "d", "e", "f"] }, "firewall.feeds: must list at most 5 feeds; join them"],
  ["a text", { feeds: "mine" }, "firewall.feeds: must be a list of names"],
  [
    "Norway without quotes",
    { allowCountries: [false] },
    "firewall.allowCountries.0: must be a two-letter country code",
  ],
  ["a country's name", { allowCountries: ["Japan"] }, "firewall.allowCountries.0: must be a two-letter country code"],
  ["no country", { blockCountries: ["XX"] }, 'firewall.blockCountries.0: "XX" is not a country; write a code'],
  ["none allowed", { allowCountries: [] }, "firewall.allowCountries: must list at least one country"],
  ["both ways", { allowCountries: ["JP"], blockCountries: ["US"] }, "firewall.blockCountries: does not go with allow"],
  ["a misspelt key", { blockedCountries: ["US"] }, "firewall.blockedCountries: is not a known key; did you mean"],
])("refuses %s", (_what, firewall, start) => {
  expect(issues(firewall)).toEqual([expect.stringContaining(start)]);
});

test("refuses lists for a PBX that strangers do not reach", () => {
  const { hall } = spec.phones;
  expect(issues({ feeds: ["a"] }, { hall })).toEqual([
    expect.stringMatching(/^firewall: has nobody to judge: .*remove/),
  ]);
});

test("a platform without a database of countries is refused, with its name; feeds need none", () => {
  const { countries, ...packages } = debian14.packages;
  expect(countries).toContain("location");
  const platform: Platform = { asterisk: asterisk22, os: { ...debian14, id: "debian-11", packages } };
  expect(() => resolveProfile(spec, { platform })).toThrow(
    /firewall\.allowCountries: needs .* debian-11 packages none/,
  );
  expect(resolveProfile({ ...spec, firewall: { feeds: ["a"] } }, { platform }).addressLists?.feeds).toEqual(["a"]);
});

describe("the order of the rules", () => {
  const text = (scenario: string) =>
    readFileSync(path.join(__dirname, `../../golden/${scenario}/files/etc/nftables.d/hardened-asterisk.nft`), "utf8");
  const chain = (scenario: string, name: string) =>
    new RegExp(`\\tchain ${name} \\{\\n([^]*?)\\n\\t\\}`).exec(text(scenario))?.[1] ?? "";

  test.each([
    ["listed-strangers", "sip_streams", ["@signalling goto", "@proven goto"], /^\t\tgoto handshake/m],
    ["listed-strangers", "sip_connection", ["@signalling goto", "@proven goto"], /goto stranger/],
    ["listed-strangers", "sip_established", ["@proven_flows goto", "@proven goto"], /^\t\ttcp dport \d+ goto budget/m],
    [
      "waived",
      "sip_udp",
      ["@trunks goto", "@datagrams goto", "@proven_flows goto", "@proven @th"],
      /goto udp_stranger/,
    ],
  ])(
    "%s, %s: who is trusted or proven has gone elsewhere before a list is asked, strangers after",
    (name, where, first, strangers) => {
      const places = [...first, "jump listed_strangers", "@banned4 counter", strangers].map((words) =>
        chain(name, where).search(words),
      );
      expect(places).not.toContain(-1);
      expect(places).toEqual([...places].sort((a, b) => a - b));
    },
  );

  // Looking an element up runs what it holds: it takes from its pace, and is true only when the pace is used up.
  test.each(["listed-strangers", "waived", "office", "aws-no-ssh"])(
    "%s: whether an address is in a set of paces or counts is asked by != alone",
    (name) => {
      const rules = text(name).split("\n");
      const sets = new Set(
        [...text(name).matchAll(/(?:add|update) (@\w+) \{[^}]*(?:limit rate|ct count)/g)].map(([, set]) => set ?? ""),
      );
      expect(sets.size).toBeGreaterThan(4);
      const lookUp = (rule: string) =>
        [...rule.matchAll(/(add|update|!=)? ?(@\w+)/g)].some(
          ([, how, set]) => how === undefined && sets.has(set ?? ""),
        );
      expect(rules.filter(lookUp)).toEqual([]);
    },
  );

  test("SSH, audio and whatever else the host does never ask a list", () => {
    for (const name of ["listed-strangers", "waived"])
      for (const other of ["input", "output", "sip_udp_phone", "sip_udp_carrier", "audio"])
        expect(chain(name, other)).not.toMatch(/listed_strangers|@fed|@allowed|@blocked/);
  });

  test("a reload empties the sets of lists that are not wanted, and no other of them", () => {
    const flushed = (name: string) =>
      [...text(name).matchAll(/^flush set inet \S+ (fed\d|\w+ed4)$/gm)].map(([, set]) => set);
    expect(flushed("listed-strangers")).toEqual(["blocked4"]);
    expect(flushed("waived")).toEqual(["fed4", "fed6", "allowed4"]);
    expect(flushed("office")).toEqual(["fed4", "fed6", "allowed4", "blocked4"]);
  });
});

test("a host without lists gets none of their units, packages and actions", () => {
  const parts = ({ bundle: { services, packages, actions, files } }: Scenario) => [
    ...services,
    ...packages.map((one) => one.name),
    ...actions.map(({ id }) => id),
    ...files.map((one) => one.path),
  ];
  const without = new Set(parts(renderScenario("roaming")));
  expect(parts(renderScenario("listed-strangers")).filter((one) => !without.has(one))).toEqual([
    "hardened-asterisk-lists-setter.socket",
    "hardened-asterisk-lists-setter.service",
    "hardened-asterisk-lists.path",
    "hardened-asterisk-lists.timer",
    "location-update.timer",
    "location",
    "libloc-database",
    "restart-lists-setter",
    "read-address-lists",
    "restart-list-watch",
    "/etc/systemd/system/hardened-asterisk-lists-setter.socket",
    "/etc/systemd/system/hardened-asterisk-lists-setter.service",
    "/etc/hardened-asterisk/address-lists.conf",
    "/etc/systemd/system/hardened-asterisk-lists.service",
    "/etc/systemd/system/hardened-asterisk-lists.timer",
    "/etc/systemd/system/hardened-asterisk-lists.path",
    "/etc/systemd/system/location-update.service.d/hardened-asterisk.conf",
  ]);
});
