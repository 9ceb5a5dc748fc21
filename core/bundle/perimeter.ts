import type { PbxProfile } from "../profile/profile";
import { firewallSources, isOpenToStrangers } from "./firewall-sources";

/** Whose networks: `phones-udp` are those of `phones` with a phone on UDP, `carriers` are the carriers that are not on TLS. */
export type PeersName = "admins" | "phones" | "phones-udp" | "carriers" | "carriers-tls" | "media" | "logs" | ExtraName;

/** Networks of one port of another program. */
type ExtraName = `extra-${"tcp" | "udp"}-${number}`;

/** One thing that a firewall in front of the PBX has to let through; answers to it go without saying. */
export interface PerimeterRule {
  /** Whom it is for: `signalling` and `media` are the carriers' SIP and audio, `machine` what the host itself needs. */
  readonly role: "admins" | "phones" | "signalling" | "media" | "machine";
  readonly direction: "in" | "out";
  readonly protocol: "tcp" | "udp" | "icmp";
  /** Ports of the receiving side, or ranges such as `10000-10199`; empty for any, and for ICMP. */
  readonly ports: readonly string[];
  /** Port or range of ports of the PBX that it is sent from; absent for any. */
  readonly from?: string;
  /** Networks on the far side in CIDR form; empty for anywhere. */
  readonly peers: readonly string[];
  /** Name of that list of networks; two rules with the same name have the same networks. Absent for anywhere. */
  readonly peersName?: PeersName;
  readonly why: string;
}

/** What the host's own firewall lets through, as far as one in front of it can tell; from the same profile. */
export function perimeterRules(profile: PbxProfile): PerimeterRule[] {
  // Where a list of networks is empty nobody sends, and a rule without networks would open the port to everybody.
  const listed = [...arriving(profile), ...leaving(profile)].filter(({ peers }) => peers.length > 0);
  return [...listed, ...fromAnywhere(profile), ...toAnywhere(profile)].sort(byDirection);
}

const byDirection = (a: PerimeterRule, b: PerimeterRule) =>
  a.direction === b.direction ? 0 : a.direction === "in" ? -1 : 1;

const audioPorts = ({ rtp }: PbxProfile) => `${rtp.from}-${rtp.to}`;
const streams = ({ tls }: PbxProfile) => (tls === undefined ? "TCP" : "TCP and TLS");
const streamPorts = ({ sipPort, tls }: PbxProfile) => [sipPort, tls?.port ?? []].flat().map(String);

function arriving(profile: PbxProfile): PerimeterRule[] {
  const { admins, sshPort } = profile;
  return [
    {
      role: "admins",
      direction: "in",
      protocol: "tcp",
      ports: [`${sshPort}`],
      peers: admins,
      peersName: "admins",
      why: "SSH from admins",
    },
    ...["phones", "carriers"].flatMap((side) => fromListed(profile, side as Side)),
    ...profile.extraPorts.map(({ protocol, port, networks, program }): PerimeterRule => ({
      role: "machine",
      direction: "in",
      protocol,
      ports: [`${port}`],
      peers: networks,
      peersName: `extra-${protocol}-${port}`,
      why: `${program}, another program on the machine`,
    })),
  ];
}

type Side = "phones" | "carriers";

/** The networks of one side alone: a firewall in front of the host keeps the two apart. */
function sourcesOf({ phones, trunks }: PbxProfile, side: Side) {
  return firewallSources(side === "phones" ? { phones, trunks: [] } : { phones: [], trunks });
}

const rolesOf = (side: Side) =>
  side === "phones"
    ? ({ sip: "phones", audio: "phones", datagrams: "phones-udp", signalling: "phones", media: "phones" } as const)
    : ({ sip: "signalling", audio: "media", datagrams: "carriers", signalling: "carriers", media: "media" } as const);

function fromListed(profile: PbxProfile, side: Side): PerimeterRule[] {
  const { signalling, datagrams, carriers, media } = sourcesOf(profile, side);
  const { sip, audio, ...names } = rolesOf(side);
  const into = { role: sip, direction: "in" } as const;
  return [
    {
      ...into,
      protocol: "udp",
      ports: [`${profile.sipPort}`],
      peers: datagrams,
      peersName: names.datagrams,
      why: `SIP of ${side === "phones" ? "listed phones" : "carriers"} that use UDP`,
    },
    {
      ...into,
      protocol: "tcp",
      ports: streamPorts(profile),
      peers: signalling,
      peersName: names.signalling,
      why: `SIP of ${side === "phones" ? "listed phones" : "carriers"} over ${streams(profile)}`,
    },
    {
      ...into,
      protocol: "tcp",
      ports: [`${profile.tls?.port ?? ""}`],
      peers: carriers,
      peersName: "carriers-tls",
      why: "SIP of carriers over TLS alone",
    },
    {
      role: audio,
      direction: "in",
      protocol: "udp",
      ports: [audioPorts(profile)],
      peers: media,
      peersName: names.media,
      why: `audio of ${side === "phones" ? "listed phones" : "carriers"}`,
    },
  ];
}

function fromAnywhere(profile: PbxProfile): PerimeterRule[] {
  const rules: PerimeterRule[] = [];
  const open = (protocol: "tcp" | "udp", port: string, why: string, role: PerimeterRule["role"] = "phones") =>
    rules.push({ role, direction: "in", protocol, ports: [port], peers: [], why });
  if (profile.tls?.roaming === true) open("tcp", `${profile.tls.port}`, "phones on the road, over TLS");
  if (profile.tls?.acme !== undefined)
    open("tcp", "80", "the ACME server; the host opens it while a certificate is asked for", "machine");
  if (profile.roamingOverUdp) open("udp", `${profile.sipPort}`, "phones on the road, over UDP (waived)");
  if (isOpenToStrangers(profile))
    open("udp", audioPorts(profile), "their audio; the host takes it only from where one has proved itself");
  return [
    ...rules,
    {
      role: "machine",
      direction: "in",
      protocol: "icmp",
      ports: [],
      peers: [],
      why: "errors and ping; the host has its own pace",
    },
  ];
}

function leaving(profile: PbxProfile): PerimeterRule[] {
  const { logs } = profile;
  return [
    ...["phones", "carriers"].flatMap((side) => toListed(profile, side as Side)),
    {
      role: "machine",
      direction: "out",
      protocol: "tcp",
      ports: logs === undefined ? [] : [`${logs.port}`],
      peers: logs === undefined ? [] : [`${logs.address}/32`],
      peersName: "logs",
      why: "logs to their receiver",
    },
  ];
}

function toListed(profile: PbxProfile, side: Side): PerimeterRule[] {
  const { signalling, datagrams, carriers, media } = sourcesOf(profile, side);
  const { sip, audio, ...names } = rolesOf(side);
  const whom = side === "phones" ? "listed phones" : "carriers";
  const sipTo = { role: sip, direction: "out" } as const;
  const overTls = { peers: carriers, peersName: "carriers-tls", why: "SIP to carriers over TLS alone" } as const;
  const fromPort = { direction: "out", protocol: "udp", ports: [] } as const;
  return [
    {
      ...fromPort,
      role: sip,
      from: String(profile.sipPort),
      peers: datagrams,
      peersName: names.datagrams,
      why: `SIP to ${whom} that use UDP`,
    },
    {
      ...sipTo,
      protocol: "tcp",
      ports: streamPorts(profile),
      peers: signalling,
      peersName: names.signalling,
      why: `SIP to ${whom} over ${streams(profile)}`,
    },
    { ...sipTo, protocol: "tcp", ports: [], ...overTls },
    {
      ...fromPort,
      role: audio,
      from: audioPorts(profile),
      peers: media,
      peersName: names.media,
      why: `audio to ${whom}`,
    },
  ];
}

function toAnywhere(profile: PbxProfile): PerimeterRule[] {
  const toPhones = (from: string, why: string): PerimeterRule => ({
    role: "phones",
    direction: "out",
    protocol: "udp",
    ports: [],
    from,
    peers: [],
    why,
  });
  const needed = (protocol: PerimeterRule["protocol"], ports: string[], why: string): PerimeterRule => ({
    role: "machine",
    direction: "out",
    protocol,
    ports,
    peers: [],
    why,
  });
  return [
    ...(profile.roamingOverUdp ? [toPhones(String(profile.sipPort), "SIP to phones on the road (waived)")] : []),
    ...(isOpenToStrangers(profile) ? [toPhones(audioPorts(profile), "audio to phones on the road")] : []),
    needed("udp", ["53", "123"], "names and time"),
    needed("tcp", ["53", "80", "443"], "names, packages and certificates"),
    needed("icmp", [], "errors and ping"),
  ];
}
