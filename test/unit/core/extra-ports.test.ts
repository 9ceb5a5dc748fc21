import { securityGroupPlan } from "../../../components/aws/security-group-plan";
import { perimeterRules } from "../../../core/bundle/perimeter";
import { renderBundle } from "../../../core/bundle/render-bundle";
import { readTemplates } from "../../../components/read-templates";
import { platformOf } from "../../../core/platform/platforms";
import { resolveProfile } from "../../../core/profile/resolve-profile";
import { parseSpec } from "../../../core/spec/parse-spec";

const now = new Date("2026-06-01T12:00:00Z");
const good = {
  country: "JP",
  admins: ["198.51.100.7/32"],
  phones: { van: { number: "20", roaming: true } },
};
const nginx = { tcp: 443, from: ["203.0.113.0/24"], program: "nginx" };
const snmpd = { udp: 161, from: ["198.51.100.9/32"], program: "snmpd" };
const waiver = {
  protection: "network/require-listed-ports",
  reason: "the shop's page moves soon",
  until: "2026-07-31",
};

function judged(extraPorts: unknown, rest: object = {}) {
  const parsed = parseSpec({ ...good, ...rest, extraPorts }, now);
  const lines = ("issues" in parsed ? parsed.issues : parsed.warnings).map(
    ({ path, message }) => `${path}: ${message}`,
  );
  return { refused: "issues" in parsed, lines };
}

function profileOf(extraPorts: unknown, ssh = true) {
  const { country, phones, admins } = good;
  const parsed = parseSpec({ country, phones, ...(ssh ? { admins } : {}), extraPorts, waivers: [waiver] }, now, {
    ssh,
  });
  if ("issues" in parsed) throw new Error(JSON.stringify(parsed.issues));
  return resolveProfile(parsed.spec, { platform: platformOf(), ssh });
}

test("each port of another program is a warning on each `up`", () => {
  expect(judged([nginx, snmpd])).toEqual({
    refused: false,
    lines: [
      expect.stringMatching(/^extraPorts.0: nginx is reachable at tcp port 443 from 203.0.113.0\/24, and who breaks/),
      expect.stringMatching(/^extraPorts.1: snmpd is reachable at udp port 161/),
    ],
  });
});

test.each<[string, unknown, string]>([
  ["neither protocol", [{ from: nginx.from, program: "nginx" }], "extraPorts.0: must name either tcp or udp"],
  ["both protocols", [{ ...nginx, udp: 443 }], "extraPorts.0: must name either tcp or udp"],
  ["SSH's port", [{ ...nginx, tcp: 22 }], "extraPorts.0.tcp: 22 belongs to sshd; give"],
  ["SIP over TCP", [{ ...nginx, tcp: 5060 }], "extraPorts.0.tcp: 5060 belongs to SIP; give"],
  ["SIP over UDP", [{ ...snmpd, udp: 5060 }], "extraPorts.0.udp: 5060 belongs to SIP; give"],
  ["SIP over TLS", [{ ...nginx, tcp: 5061 }], "extraPorts.0.tcp: 5061 belongs to SIP over TLS; give"],
  ["a port twice", [nginx, { ...nginx, program: "a" }], "extraPorts.1.tcp: 443 is in extraPorts.0 already; join"],
  ["any source", [{ ...nginx, from: ["0.0.0.0/0"] }], 'extraPorts.0.from.0: "0.0.0.0/0" lets in far too many'],
  ["half of all sources", [{ ...nginx, from: ["128.0.0.0/1"] }], 'extraPorts.0.from.0: "128.0.0.0/1" lets in far too'],
  ["no source", [{ ...nginx, from: [] }], "extraPorts.0.from: must list at least one network"],
  ["an IPv6 source", [{ ...nginx, from: ["2001:db8::/32"] }], "extraPorts.0.from.0: "],
  ["no program", [{ tcp: 443, from: nginx.from }], "extraPorts.0.program: must be the program's name"],
  ["a program with a line break", [{ ...nginx, program: "nginx\naccept" }], "extraPorts.0.program: must be the"],
  ["a mapping of ports", { nginx }, "extraPorts: must be a list"],
  ["a port of none", [{ ...nginx, tcp: 0 }], "extraPorts.0.tcp: must be a whole number from 1 to 65535"],
  [
    "eleven ports",
    Array.from({ length: 11 }, (_, n) => ({ ...nginx, tcp: 8000 + n })),
    "extraPorts: must list at most 10",
  ],
])("%s is refused", (_what, extraPorts, issue) => {
  expect(judged(extraPorts)).toEqual({ refused: true, lines: [expect.stringContaining(issue)] });
});

test("the ports that a choice in the spec takes are refused with it, and free without", () => {
  const acme = { acme: { name: "pbx.example.com", agreeToTerms: true } };
  expect(judged([{ ...nginx, tcp: 80 }], { tls: acme }).lines).toEqual([
    expect.stringContaining("80 belongs to the ACME"),
  ]);
  expect(judged([{ ...nginx, tcp: 80 }]).refused).toBe(false);
  expect(judged([{ ...nginx, tcp: 2222 }], { sshPort: 2222 }).refused).toBe(true);
  expect(judged([{ ...nginx, tcp: 22 }], { sshPort: 2222 }).refused).toBe(false);
});

test("any source is let in with a waiver, and warned of twice", () => {
  const { refused, lines } = judged([{ ...nginx, from: ["0.0.0.0/0"] }], { waivers: [waiver] });
  expect(refused).toBe(false);
  expect(lines).toEqual([
    expect.stringMatching(/^extraPorts.0.from.0: network\/require-listed-ports is waived until 2026-07-31/),
    expect.stringMatching(/^extraPorts.0: nginx is reachable at tcp port 443 from 0.0.0.0\/0/),
  ]);
});

test("an audio port is refused with the range that the limits make, and the one behind it is not", () => {
  const { rtp } = profileOf([]);
  for (const udp of [rtp.from, rtp.to])
    expect(() => profileOf([{ ...snmpd, udp }])).toThrow(`extraPorts.0.udp: ${udp} is one of the audio ports`);
  expect(profileOf([{ ...snmpd, udp: rtp.to + 1 }]).extraPorts).toHaveLength(1);
  expect(profileOf([{ ...nginx, tcp: rtp.from }]).extraPorts).toHaveLength(1);
});

test("the security group on AWS opens the same numbers to the same networks", () => {
  const plan = securityGroupPlan(perimeterRules(profileOf([nginx, { ...snmpd, from: ["0.0.0.0/0"] }], false)));
  const found = plan.filter(({ why }) => why.includes("another program"));
  expect(
    found.map(({ direction, protocol, ports, list }) => ({ direction, protocol, ports, from: list?.networks })),
  ).toEqual([
    { direction: "in", protocol: "tcp", ports: [443, 443], from: ["203.0.113.0/24"] },
    { direction: "in", protocol: "udp", ports: [161, 161], from: undefined },
  ]);
});

test("the host is told before anything is installed which program may listen where", () => {
  const { probes } = renderBundle(profileOf([nginx, snmpd]), readTemplates());
  const [listeners] = probes.filter(({ early }) => early !== undefined);
  expect(listeners?.argv.join(" ")).toContain("--kept tcp:443:nginx --kept udp:161:snmpd");
  expect(listeners?.early).toEqual([...(listeners?.argv ?? []), "--early"]);
  expect(listeners?.argv).toEqual(expect.arrayContaining(["udp:5060:asterisk", "tcp:5061:asterisk"]));
});
