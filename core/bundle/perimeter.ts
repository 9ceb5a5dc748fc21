import type { PbxProfile } from "../profile/profile";
import { firewallSources, isOpenToStrangers } from "./firewall-sources";

/** One thing that a firewall in front of the PBX has to let through; answers to it go without saying. */
export interface PerimeterRule {
  readonly direction: "in" | "out";
  readonly protocol: "tcp" | "udp" | "icmp";
  /** Ports of the receiving side, or ranges such as `10000-10199`; empty for any, and for ICMP. */
  readonly ports: readonly string[];
  /** Port or range of ports of the PBX that it is sent from; absent for any. */
  readonly from?: string;
  /** Networks on the far side in CIDR form; empty for anywhere. */
  readonly peers: readonly string[];
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
const streamPorts = ({ sipPort, tls }: PbxProfile) => [sipPort, tls?.port ?? []].flat().map(String);

function arriving(profile: PbxProfile): PerimeterRule[] {
  const { signalling, datagrams, carriers, media } = firewallSources(profile);
  const { admins, sshPort, sipPort, tls } = profile;
  return [
    { direction: "in", protocol: "tcp", ports: [`${sshPort}`], peers: admins, why: "SSH from admins" },
    {
      direction: "in",
      protocol: "udp",
      ports: [`${sipPort}`],
      peers: datagrams,
      why: "SIP of listed phones and carriers that use UDP",
    },
    {
      direction: "in",
      protocol: "tcp",
      ports: streamPorts(profile),
      peers: signalling,
      why: "SIP over TCP and TLS",
    },
    {
      direction: "in",
      protocol: "tcp",
      ports: [`${tls?.port ?? ""}`],
      peers: carriers,
      why: "SIP of carriers over TLS",
    },
    { direction: "in", protocol: "udp", ports: [audioPorts(profile)], peers: media, why: "audio" },
  ];
}

function fromAnywhere(profile: PbxProfile): PerimeterRule[] {
  const rules: PerimeterRule[] = [];
  const open = (protocol: "tcp" | "udp", port: string, why: string) =>
    rules.push({ direction: "in", protocol, ports: [port], peers: [], why });
  if (profile.tls?.roaming === true) open("tcp", `${profile.tls.port}`, "phones on the road, over TLS");
  if (profile.tls?.acme !== undefined)
    open("tcp", "80", "the ACME server; the host opens it while a certificate is asked for");
  if (profile.roamingOverUdp) open("udp", `${profile.sipPort}`, "phones on the road, over UDP (waived)");
  if (isOpenToStrangers(profile))
    open("udp", audioPorts(profile), "their audio; the host takes it only from where one has proved itself");
  return [
    ...rules,
    { direction: "in", protocol: "icmp", ports: [], peers: [], why: "errors and ping; the host has its own pace" },
  ];
}

function leaving(profile: PbxProfile): PerimeterRule[] {
  const { signalling, datagrams, carriers, media } = firewallSources(profile);
  const { logs, sipPort } = profile;
  const sip = String(sipPort);
  return [
    {
      direction: "out",
      protocol: "udp",
      ports: [],
      from: sip,
      peers: datagrams,
      why: "SIP to listed phones and carriers that use UDP",
    },
    {
      direction: "out",
      protocol: "tcp",
      ports: streamPorts(profile),
      peers: signalling,
      why: "SIP over TCP and TLS",
    },
    { direction: "out", protocol: "tcp", ports: [], peers: carriers, why: "SIP to carriers over TLS" },
    { direction: "out", protocol: "udp", ports: [], from: audioPorts(profile), peers: media, why: "audio" },
    {
      direction: "out",
      protocol: "tcp",
      ports: logs === undefined ? [] : [`${logs.port}`],
      peers: logs === undefined ? [] : [`${logs.address}/32`],
      why: "logs to their receiver",
    },
  ];
}

function toAnywhere(profile: PbxProfile): PerimeterRule[] {
  const rules: PerimeterRule[] = [];
  const open = (protocol: "tcp" | "udp", ports: string[], why: string, from?: string) =>
    rules.push({ direction: "out", protocol, ports, peers: [], why, ...(from === undefined ? {} : { from }) });
  if (profile.roamingOverUdp) open("udp", [], "SIP to phones on the road (waived)", String(profile.sipPort));
  if (isOpenToStrangers(profile)) open("udp", [], "audio to phones on the road", audioPorts(profile));
  open("udp", ["53", "123"], "names and time");
  open("tcp", ["53", "80", "443"], "names, packages and certificates");
  return [...rules, { direction: "out", protocol: "icmp", ports: [], peers: [], why: "errors and ping" }];
}
