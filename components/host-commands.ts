import { createHash } from "node:crypto";

/** What the activation commands carry in clear: digests that name, and tell nothing about, what they deliver. */
export interface Delivery {
  /** sha256 of the program that runs on the host, in hex. */
  readonly agent: string;
  /** sha256 of the canonical bundle, in hex. */
  readonly bundle: string;
  /** Keyed digest of the secrets, in hex. */
  readonly secrets: string;
}

/** Name of one generation: the same program, bundle and secrets have the same name. 32 hex digits. */
export function generationOf({ agent, bundle, secrets }: Delivery): string {
  return sha256(`${agent}\n${bundle}\n${secrets}`).slice(0, 32);
}

/** Name of one machine as the engine sees it: a machine rebuilt behind the same address has another. 16 hex digits. */
export function hostIdentity(host: string, hostKey: string): string {
  return sha256(`${host}\n${hostKey}`).slice(0, 16);
}

/** sha256 of a text or of bytes, in hex. */
export function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}

const program = "/usr/local/sbin/hardened-asterisk";

// A failed command is printed whole by the engine, so this is short and carries nothing but digests.
const asRoot = '[ "$(id -u)" = 0 ] && S= || S="sudo -n"';

/** Asks the host, over a connection of its own, to keep the generation. */
export function confirmCommand(generation: string, identity: string): string {
  return `${asRoot}; $S ${program} confirm --generation ${generation} # ${identity}`;
}

/** Asks, over one connection more, whether the generation is kept, and prints its receipt. */
export function settleCommand(generation: string, identity: string): string {
  return `${asRoot}; $S ${program} settle --generation ${generation} # ${identity}`;
}
/** placeholder */
export function activateCommand(delivery: Delivery, identity: string): string {
  return `${asRoot}; cat >/dev/null; echo ${generationOf(delivery)} ${identity}`;
}
