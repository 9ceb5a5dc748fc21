import { readFileSync } from "node:fs";
import path from "node:path";
import { AwsAsteriskHost } from "../../../components/aws/asterisk-host";
import type { AwsAsteriskHostArgs } from "../../../components/aws/asterisk-host-args";
import type { SealedPbxSpec } from "../../../core/spec/spec";
import type { Made } from "../../../controls/cloud/cloud-control";
import { madeBy, ofType } from "./made-by-program";
import { awsArgs, awsSpec } from "./spec";

const bringUp = (change: Partial<AwsAsteriskHostArgs> = {}) =>
  madeBy(() => new AwsAsteriskHost("office", awsArgs(change)));

let made: readonly Made[];
beforeAll(async () => {
  // A waived spec warns.
  jest.spyOn(console, "warn").mockImplementation(() => undefined);
  made = await bringUp();
}, 60_000);

interface Rule {
  securityGroupId: string;
  ipProtocol: string;
  fromPort: number;
  toPort: number;
  cidrIpv4?: string;
  prefixListId?: string;
  description: string;
}

const rules = (resources: readonly Made[], direction: "Ingress" | "Egress") =>
  ofType(resources, `vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`).map(
    ({ inputs }) => inputs as unknown as Rule,
  );

/** `protocol ports source`, the networks of a prefix list in its place. */
function said(resources: readonly Made[], direction: "Ingress" | "Egress"): string[] {
  const lists = new Map(
    ofType(resources, "ec2/managedPrefixList:ManagedPrefixList").map(({ name, inputs }) => [
      `${name}-id`,
      (inputs["entries"] as { cidr: string }[]).map(({ cidr }) => cidr).join(","),
    ]),
  );
  return rules(resources, direction)
    .map((r) => `${r.ipProtocol} ${r.fromPort}-${r.toPort} ${r.cidrIpv4 ?? lists.get(r.prefixListId ?? "") ?? "?"}`)
    .sort();
}

const phones = "100.64.7.2/32,198.51.100.0/24";
const carriers = "192.0.2.0/28,203.0.113.64/30,203.0.113.72/30";
const media = "192.0.2.128/25,203.0.113.128/26";

test("lets in what the spec declares, and nothing else", () => {
  expect(said(made, "Ingress")).toEqual(
    [
      `tcp 5060-5061 ${carriers}`,
      `tcp 5060-5061 ${phones}`,
      "tcp 5061-5061 0.0.0.0/0",
      `udp 10000-10199 ${media}`,
      `udp 10000-10199 ${phones}`,
      "udp 10000-10199 0.0.0.0/0",
      `udp 5060-5060 ${carriers}`,
      `udp 5060-5060 ${phones}`,
      "icmp -1--1 0.0.0.0/0",
    ].sort(),
  );
});

test("lets out what is listed, each port by itself", () => {
  expect(said(made, "Egress")).toEqual(
    [
      `tcp 5060-5061 ${carriers}`,
      `tcp 5060-5061 ${phones}`,
      `udp 0-65535 ${media}`,
      `udp 0-65535 ${phones}`,
      `udp 0-65535 ${carriers}`,
      "udp 0-65535 0.0.0.0/0",
      "udp 53-53 0.0.0.0/0",
      "udp 123-123 0.0.0.0/0",
      "tcp 53-53 0.0.0.0/0",
      "tcp 80-80 0.0.0.0/0",
      "tcp 443-443 0.0.0.0/0",
      "icmp -1--1 0.0.0.0/0",
    ].sort(),
  );
});

test("never SSH, IAX2 or DUNDi, whatever the spec", async () => {
  const everything: Partial<SealedPbxSpec> = {
    tls: { acme: { name: "pbx.example.com", agreeToTerms: true, email: "pbx@example.com" } },
    phones: { ...awsSpec.phones, odd: { number: "105", roaming: true, transport: "udp" } },
    waivers: [{ protection: "network/require-listed-sip", reason: "for the test of ports", until: soon() }],
  };
  const all = await bringUp({ pbx: { ...awsSpec, ...everything } });
  const inward = rules(all, "Ingress").filter(({ ipProtocol }) => ipProtocol !== "icmp");
  for (const port of [22, 4520, 4569, 3389])
    expect(inward.filter(({ fromPort, toPort }) => fromPort <= port && port <= toPort)).toEqual([]);
  expect(inward.filter(({ ipProtocol }) => ipProtocol === "-1")).toEqual([]);
  expect(inward.map(({ fromPort }) => fromPort)).toContain(80);
}, 30_000);

const soon = () => new Date(Date.now() + 30 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);

test("three groups without rules of their own, on the one interface, and every rule says why", () => {
  const groups = ofType(made, "ec2/securityGroup:SecurityGroup");
  expect(groups.map(({ name }) => name)).toEqual(["office-signalling", "office-media", "office-phones"]);
  for (const { inputs } of groups) {
    expect(inputs["ingress"] ?? inputs["egress"]).toBeUndefined();
    expect(inputs["description"]).toMatch(/^office: /);
  }
  const [face] = ofType(made, "ec2/networkInterface:NetworkInterface");
  expect(face?.inputs["securityGroups"]).toEqual(groups.map(({ name }) => `${name}-id`));
  for (const { description } of [...rules(made, "Ingress"), ...rules(made, "Egress")])
    expect(description).toMatch(/^[A-Za-z0-9 ._:/()#,@[\]+=&;{}!$*-]{4,255}$/);
});

test("prefix lists have exactly as many entries as they may have", () => {
  const lists = ofType(made, "ec2/managedPrefixList:ManagedPrefixList");
  expect(lists.map(({ name }) => name).sort()).toEqual(["office-carriers", "office-media", "office-phones"]);
  for (const { inputs } of lists) expect(inputs["maxEntries"]).toBe((inputs["entries"] as unknown[]).length);
});

test("a spec in another order asks for the very same", async () => {
  const turned = <T>(record: Record<string, T>) => Object.fromEntries(Object.entries(record).reverse());
  const phone = awsSpec.phones["reception"];
  if (phone === undefined) throw new Error("no reception");
  const both = { ...phone, networks: ["198.51.100.0/24", "198.51.101.0/24"] };
  const other = { ...phone, networks: ["198.51.101.0/24", "198.51.100.0/24"] };
  const one = await bringUp({ pbx: { ...awsSpec, phones: { ...awsSpec.phones, reception: both } } });
  const reordered: SealedPbxSpec = {
    ...awsSpec,
    phones: turned({ ...awsSpec.phones, reception: other }),
    trunks: turned(awsSpec.trunks ?? {}),
  };
  const two = await bringUp({ pbx: reordered });
  const firewall = (resources: readonly Made[]) =>
    resources
      .filter(({ type }) => /SecurityGroup|PrefixList|NetworkAcl/.test(type))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  expect(firewall(two)).toEqual(firewall(one));
}, 30_000);

test("a network more changes its list, and what the host is told of it, alone", async () => {
  const carrier = awsSpec.trunks?.["carrier"] ?? {};
  const signalling = [...(carrier.signalling ?? []), "192.0.2.64/28"];
  const more = await bringUp({
    pbx: { ...awsSpec, trunks: { ...awsSpec.trunks, carrier: { ...carrier, signalling } } },
  });
  const changed = more.filter((after) => {
    const before = made.find(({ name, type }) => name === after.name && type === after.type);
    return JSON.stringify(before) !== JSON.stringify(after);
  });
  expect(changed.map(({ name }) => name).sort()).toEqual(["office-bundle", "office-carriers", "office-delivery"]);
}, 30_000);

/** What each of the three says of who may send what to which port. */
test("security groups, the host's firewall and rtp.conf say the same numbers", () => {
  const golden = (file: string) => readFileSync(path.join(__dirname, "../../golden/aws-no-ssh/files", file), "utf8");
  const rtp = golden("etc/asterisk/rtp.conf");
  const range = `${/^rtpstart ?= ?(\d+)/m.exec(rtp)?.[1] ?? ""}-${/^rtpend ?= ?(\d+)/m.exec(rtp)?.[1] ?? ""}`;
  const nft = golden("etc/nftables.d/hardened-asterisk.nft");
  const set = (name: string) =>
    [...nft.matchAll(new RegExp(`add element inet hardened_asterisk ${name} { (\\S+) }`, "g"))].map(([, n = ""]) => n);
  const port = (rule: RegExp) => rule.exec(nft)?.[1] ?? "";
  const hostSays = [
    ...set("datagrams").map((n) => `udp ${port(/udp dport (\d+) goto sip_udp/)} ${n}`),
    ...set("signalling").map((n) => `tcp ${port(/tcp dport \{ (.*) \} goto sip_streams/)} ${n}`),
    ...set("media").map((n) => `udp ${port(/@media udp dport (\S+) /)} ${n}`),
    `tcp ${port(/tcp dport != (\d+) goto refused/)} 0.0.0.0/0`,
    `udp ${port(/@proven udp dport (\S+) /)} 0.0.0.0/0`,
  ];
  const groupsSay = said(made, "Ingress").flatMap((line) => {
    const [protocol = "", ports = "", peers = ""] = line.split(" ");
    const [from = "", to = ""] = ports.split("-");
    const shown = from === to ? from : ports === "5060-5061" ? "5060, 5061" : ports;
    return protocol === "icmp" ? [] : peers.split(",").map((peer) => `${protocol} ${shown} ${peer}`);
  });
  expect(range).toBe("10000-10199");
  expect(groupsSay.filter((line) => line.startsWith("udp 1")).every((line) => line.includes(` ${range} `))).toBe(true);
  expect([...new Set(groupsSay)].sort()).toEqual([...new Set(hostSays)].sort());
});
