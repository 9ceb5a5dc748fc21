import { inNamespace, run } from "../../../sandbox/command";

/** Who scans whom. */
export interface PortScan {
  readonly namespace: string;
  /** The scanner's own address; the namespace's `eth0` has it. */
  readonly source: string;
  /** IPv4 or IPv6 address. */
  readonly target: string;
  readonly protocol: "tcp" | "udp";
  /** As nmap takes them, for example `1-65535`. */
  readonly ports: string;
}

/**
 * Scans ports with nmap (Debian package nmap), a silent one twice; over UDP with the payload nmap knows for the port. Returns the
 * ports that accepted a connection or answered. Raises when it has not finished within three minutes.
 */
export async function scanPorts({ namespace, source, target, protocol, ports }: PortScan): Promise<number[]> {
  const how = protocol === "tcp" ? ["-sS", "--min-rate", "6000"] : ["-sU", "--scan-delay", "5ms"];
  const own = [...(target.includes(":") ? ["-6"] : []), "-e", "eth0", "-S", source];
  const limits = ["-n", "-Pn", "--disable-arp-ping", "--max-retries", "1", "--max-rtt-timeout", "300ms"];
  const argv = ["nmap", ...own, ...how, ...limits, "--open", "-p", ports, "-oG", "-", target];
  const listing = await run(inNamespace(namespace, argv), { timeout: 180_000 });
  return [...listing.matchAll(/(\d+)\/open\/(?:tcp|udp)\//g)].map(([, port]) => Number(port));
}
