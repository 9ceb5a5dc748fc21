import type { BundleProbe, Piece } from "./bundle";

const within = 20;

/** What a probe's standard output must and must not say. */
export interface Expectation {
  readonly contains?: readonly (readonly Piece[])[];
  readonly lacks?: readonly (readonly Piece[])[];
}

/** Whose effect each tool is asked about. */
const services: Readonly<Record<string, BundleProbe["service"]>> = {
  asterisk: "asterisk",
  systemctl: "asterisk",
  ss: "asterisk",
  nft: "firewall",
  "/usr/local/bin/fail2ban-client": "fail2ban",
  "hardened-asterisk": "fail2ban",
  sshd: "ssh",
  sysctl: "systemd-sysctl",
};

/** A probe that is given 20 s to agree; without an expectation its exit status alone tells. */
export function probe(
  id: string,
  argv: readonly string[],
  { contains = [], lacks = [] }: Expectation = {},
): BundleProbe {
  return { id, service: services[argv[0] ?? ""] ?? "machine", argv, contains, lacks, withinSeconds: within };
}
