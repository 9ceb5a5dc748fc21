import type { PerimeterRule } from "../../core/bundle/perimeter";

const table = "inet hardened_asterisk_perimeter";
const isIpv6 = (network: string) => network.includes(":");

/** The rules as a file for `nft -D pbx=ADDRESS -f` on a Linux firewall that forwards the PBX's traffic. */
export function perimeterNft(rules: readonly PerimeterRule[]): string {
  const six = rules.some(({ peers }) => peers.some(isIpv6));
  const of = (direction: string) => rules.filter((rule) => rule.direction === direction).flatMap(linesOf);
  return [
    "#!/usr/sbin/nft -f",
    "# For a Linux firewall in front of the PBX, whose traffic alone it judges; made by `hardened-asterisk render --perimeter nft`.",
    `# Load: nft -D pbx=ADDRESS${six ? " -D pbx6=ADDRESS" : ""} -f FILE, with the PBX's own address, behind NAT the inside one.`,
    ...(six ? [] : ["# IPv6 is not looked at: the spec names no IPv6 network, so the PBX takes nothing over it."]),
    `table ${table}`,
    `delete table ${table}`,
    `table ${table} {`,
    "\tchain forward {",
    "\t\ttype filter hook forward priority filter; policy accept;",
    ...["ip daddr $pbx goto to_pbx", "ip saddr $pbx goto from_pbx"].map(indented),
    ...(six ? ["ip6 daddr $pbx6 goto to_pbx", "ip6 saddr $pbx6 goto from_pbx"].map(indented) : []),
    "\t}",
    ...chain("to_pbx", of("in")),
    ...chain("from_pbx", of("out")),
    "}",
    "",
  ].join("\n");
}

const indented = (line: string) => `\t\t${line}`;

function chain(name: string, lines: readonly string[]): string[] {
  return ["", `\tchain ${name} {`, ...["ct state established,related accept", ...lines, "drop"].map(indented), "\t}"];
}

function linesOf(rule: PerimeterRule): string[] {
  const { direction, protocol, ports, from, peers, why } = rule;
  if (protocol === "icmp") return [`meta l4proto { icmp, ipv6-icmp } accept # ${why}`];
  const source = from === undefined ? "" : ` ${protocol} sport ${from}`;
  const any = from === undefined ? ` meta l4proto ${protocol}` : "";
  const target = ports.length === 0 ? any : ` ${protocol} dport { ${ports.join(", ")} }`;
  const rest = `${source}${target} accept # ${why}`;
  const side = direction === "in" ? "saddr" : "daddr";
  // The PBX takes SIP and audio over IPv4 alone.
  if (peers.length === 0)
    return [`${direction === "in" || from !== undefined ? "meta nfproto ipv4" : ""}${rest}`.trim()];
  const families = [
    ["ip", peers.filter((network) => !isIpv6(network))],
    ["ip6", peers.filter(isIpv6)],
  ] as const;
  return families.flatMap(([family, networks]) =>
    networks.length === 0 ? [] : [`${family} ${side} { ${networks.join(", ")} }${rest}`],
  );
}
