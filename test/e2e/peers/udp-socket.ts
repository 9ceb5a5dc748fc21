import { join } from "node:path";
import { createInterface } from "node:readline";
import { endProcess, startInNamespace, type PeerProcess } from "./peer-process";

/** A datagram that arrived. */
export interface Datagram {
  readonly host: string;
  readonly port: number;
  readonly data: Buffer;
}

/** A UDP socket bound in a network namespace, or a TLS connection from it, used from this process. */
export class UdpSocket {
  constructor(
    readonly address: string,
    readonly port: number,
    private readonly relay: PeerProcess,
    private readonly listeners: Set<(datagram: Datagram) => void>,
  ) {}

  send(host: string, port: number, data: Buffer): void {
    this.relay.stdin.write(`${JSON.stringify({ host, port, data: data.toString("base64") })}\n`);
  }

  /** Calls `listener` with every datagram from now on; returns how to stop that. */
  listen(listener: (datagram: Datagram) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Closes the socket and ends its process. */
  async close(): Promise<void> {
    this.relay.stdin.end();
    await endProcess(this.relay, 500);
  }
}

/** Binds `address`:`port` (default: any free port) in `namespace`; raises when the address is not there or is taken. */
export function openUdp(namespace: string, address: string, port = 0): Promise<UdpSocket> {
  return open(namespace, "udp-relay.py", address, String(port));
}

/** Connects from `address` to port 5061 of `target` over TLS, with any certificate; each SIP message is a datagram. */
export function openTls(namespace: string, address: string, target: string): Promise<UdpSocket> {
  return open(namespace, "tls-relay.py", address, target);
}

async function open(namespace: string, program: string, address: string, argument: string): Promise<UdpSocket> {
  const relay = startInNamespace(namespace, ["python3", "-B", join(__dirname, program), address, argument]);
  const listeners = new Set<(datagram: Datagram) => void>();
  let trouble = "";
  relay.stderr.setEncoding("utf8").on("data", (text: string) => (trouble = (trouble + text).slice(-1000)));
  const bound = await new Promise<number>((resolve, reject) => {
    relay.once("close", () => {
      reject(new Error(`${program}: no socket on ${address} (${argument}) in ${namespace}: ${trouble.trim()}`));
    });
    createInterface({ input: relay.stdout }).on("line", (line) => {
      const message = JSON.parse(line) as { bound: number } | { host: string; port: number; data: string };
      if ("bound" in message) resolve(message.bound);
      else for (const listener of [...listeners]) listener({ ...message, data: Buffer.from(message.data, "base64") });
    });
  });
  return new UdpSocket(address, bound, relay, listeners);
}
