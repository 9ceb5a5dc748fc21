import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { perimeterNft } from "../../../cli/perimeter/nft";
import { perimeterRules, type PerimeterRule } from "../../../core/bundle/perimeter";
import { renderScenario } from "../../golden/render-scenario";
import { runCaptured } from "./capture";

const golden = path.join(__dirname, "../../golden");
const scenarios = readdirSync(golden, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** Each rule of the host's own firewall that lets somebody in or out: its text, and the sets of those it is for. */
const hostRules: readonly [direction: "in" | "out", protocol: "tcp" | "udp", rule: RegExp, sets: readonly string[]][] =
  [
    ["in", "tcp", /@admins4 tcp dport (\d+) .*accept/, ["admins4", "admins6", "wide_admins4", "wide_admins6"]],
    ["in", "udp", /\tudp dport (\d+) goto sip_udp/, ["datagrams"]],
    ["in", "tcp", /\ttcp dport \{ (.*) \} goto sip_streams/, ["signalling"]],
    ["in", "tcp", /@carriers tcp dport (\d+) goto handshake/, ["carriers"]],
    ["in", "udp", /@media udp dport (\S+) goto audio/, ["media"]],
    ["in", "tcp", /tcp dport != (\d+) goto refused[^]*goto stranger/, []],
    ["in", "udp", /udp sport (\d+) ip daddr \. udp dport @proven_flows .*accept/, []],
    ["in", "udp", /@proven udp dport (\S+) goto audio/, []],
    ["in", "tcp", /tcp dport (@acme_port) counter accept/, []],
    ["in", "tcp", /@extra_tcp_\d+ tcp dport (\d+) counter accept/, ["extra_tcp_\\d+"]],
    ["in", "udp", /@extra_udp_\d+ udp dport (\d+) counter accept/, ["extra_udp_\\d+"]],
    ["out", "udp", /udp sport (\d+) ip daddr @datagrams .*accept/, ["datagrams"]],
    ["out", "tcp", /ip daddr @signalling tcp dport \{ (.*) \} .*accept/, ["signalling"]],
    ["out", "tcp", /ip daddr @carriers meta l4proto (tcp) .*accept/, ["carriers"]],
    ["out", "udp", /udp sport (\S+) ip daddr @media .*accept/, ["media"]],
    ["out", "udp", /udp sport (\d+) ip daddr \. udp dport @proven_flows .*accept/, []],
    ["out", "udp", /udp sport (\S+) ip daddr @proven .*accept/, []],
    ["out", "tcp", /tcp dport \{ (53, 80, .*) \} accept/, []],
    ["out", "tcp", /ip daddr [\d.]+ tcp dport (\d+) counter accept/, ["logs"]],
  ];

/** What the rendered rules say, in the words of {@link said}; a listed rule without networks lets nobody in. */
function readHostRules(text: string): string[] {
  const networksOf = (set: string) =>
    set === "logs"
      ? [...text.matchAll(/ip daddr ([\d.]+) tcp dport \d+ counter accept/g)].map(
          ([, address]) => `${address ?? ""}/32`,
        )
      : [...text.matchAll(new RegExp(`add element inet hardened_asterisk ${set} { (\\S+) }`, "g"))].map(
          ([, n = ""]) => n,
        );
  return hostRules.flatMap(([direction, protocol, rule, sets]) => {
    const ports = rule.exec(text)?.[1];
    const networks = sets.flatMap(networksOf).sort();
    if (ports === undefined || (sets.length > 0 && networks.length === 0)) return [];
    // ACME's look comes at port 80, always (RFC 8555, 8.3).
    return [[direction, protocol, ports.replace("@acme_port", "80"), networks.join()].join(" ")];
  });
}

/** The host's firewall has phones and carriers in one rule. */
function together(rules: readonly PerimeterRule[]): PerimeterRule[] {
  const byRest = new Map<string, PerimeterRule>();
  for (const rule of rules) {
    const { direction, protocol, ports, from, peers } = rule;
    const key = JSON.stringify([direction, protocol, ports, from, peers.length === 0]);
    byRest.set(key, { ...rule, peers: [...new Set([...(byRest.get(key)?.peers ?? []), ...peers])] });
  }
  return [...byRest.values()];
}

function said({ direction, protocol, ports, from, peers }: PerimeterRule): string {
  const shown = from ?? (ports.length === 0 ? protocol : ports.join(", "));
  return [direction, protocol, shown, [...peers].sort().join()].join(" ");
}

describe.each(scenarios)("scenario %s", (name) => {
  const { profile } = renderScenario(name);
  const text = readFileSync(path.join(golden, name, "files/etc/nftables.d/hardened-asterisk.nft"), "utf8");

  test("the perimeter lets through what the host lets through: the same ports, the same sources", () => {
    const rules = perimeterRules(profile).filter(
      ({ protocol, why }) => protocol !== "icmp" && why !== "names and time",
    );
    expect(together(rules).map(said).sort()).toEqual(readHostRules(text).sort());
  });
});

test("a rule for nobody opens nothing to everybody", () => {
  const { profile } = renderScenario("office");
  const nobody = perimeterRules({ ...profile, admins: [], phones: [], trunks: [] });
  expect(nobody.filter(({ direction }) => direction === "in").map(({ protocol }) => protocol)).toEqual(["icmp"]);
  expect(perimeterNft(nobody)).not.toMatch(/dport { 22 }/);
});

test("is printed as a table, or for nft with the PBX's address left to be named", async () => {
  const spec = path.join(golden, "office/spec.yaml");
  const table = await runCaptured(["render", spec, "--perimeter"]);
  expect(table).toMatchObject({ code: 0, err: "" });
  expect(table.out).toMatch(/^DIRECTION {2}PROTOCOL {2}PORTS/);
  expect(table.out).toMatch(/^in +tcp +22 +198\.51\.100\.7\/32 +SSH from admins$/m);
  expect(table).toEqual(await runCaptured(["render", spec, "--perimeter", "table"]));
  const nft = await runCaptured(["render", spec, "--perimeter", "nft"]);
  expect(nft.out).toContain("ip saddr { 198.51.100.7/32 } tcp dport { 22 } accept");
  expect(nft.out).toMatch(/ip daddr \$pbx goto to_pbx/);
});

test.each([
  [["spec.yaml", "out", "--perimeter"], "leave out out"],
  [["spec.yaml", "--perimeter", "cisco"], "Allowed choices are table, nft"],
])("render %j is refused", async (args, words) => {
  const { code, out, err } = await runCaptured(["render", ...args]);
  expect([code, out]).toEqual([2, ""]);
  expect(err).toContain(words);
});
