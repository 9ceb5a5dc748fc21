import type { Sandbox } from "../../../sandbox/sandbox";
import type { HostName } from "../../../sandbox/layout";
import type { VariantName } from "../../../sandbox/twin";
import type { Carrier } from "../peers/carrier";

/** A port at which strangers may try SIP. */
export interface Door {
  readonly over: "udp" | "tcp" | "tls";
  readonly port: number;
}

/** Where SIP may be listened for; an attack tries them all. */
export const doors: readonly Door[] = [
  { over: "udp", port: 5060 },
  { over: "tcp", port: 5060 },
  { over: "tls", port: 5061 },
];

/** Somebody's credentials, and where they may be used from. */
export interface Account {
  readonly user: string;
  readonly password: string;
  /** The extension. */
  readonly number: string;
  /** The door its phone uses. */
  readonly door: Door;
  /** Whether it may come from anywhere. Default: no. */
  readonly roaming?: boolean;
}

/** How phones on the road reach the hardened host: over TLS, or over UDP by a waiver. */
export type Road = "tls" | "udp";

/** A PBX under attack, and what stands around it. */
export interface Target {
  readonly name: "hardened" | VariantName;
  readonly host: HostName;
  /** Its IPv4 address. */
  readonly address: string;
  readonly sandbox: Sandbox;
  /** Whether its admin logs in over SSH; nobody does on AWS. */
  readonly ssh: boolean;
  /** Six phones. Attacks that guess take their true SIP names, as if these had leaked. */
  readonly accounts: readonly Account[];
  /** Phones whose passwords a thief has, and whose own telephones are switched off; UDP, in the office. */
  readonly stolen: readonly Account[];
  /** Forty more phones on the road of the hardened host; a twin has none. */
  readonly fleet: readonly Account[];
  /** What the hardened host is told to allow to the outside; the twins allow all. */
  readonly limits: { readonly calls: number; readonly callMinutes: number };
  /** The name of its trunk, which is told by the carrier's address. */
  readonly trunk: string;
  /** The number that the carrier may bring calls to. */
  readonly did: string;
  /** The carrier of every target; what it was asked for is seen there. */
  readonly carrier: Carrier;
  /** Source addresses of attackers that this target has never seen. Raises an `Error` when none is left. */
  readonly fresh: (count: number) => string[];
}

/** A source address of an attacker that the target has never seen. */
export function freshSource(target: Target): string {
  const [source = ""] = target.fresh(1);
  return source;
}
