import type { SecretValues } from "../core/secrets/derive-secrets";
import { sha256 } from "../core/sha256";

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

/**
 * Name of one machine as the engine sees it: a machine rebuilt behind the same address has another, and so has one that is to be
 * looked at again. The commands carry it, so that they run when it changes. 16 hex digits.
 */
export function hostIdentity(host: string, hostKey: string, recheck?: string): string {
  return sha256([host, hostKey, ...(recheck === undefined ? [] : [recheck])].join("\n")).slice(0, 16);
}

/** Where a package file is copied to, below the folder that the SSH user's sessions begin in; the host takes it from there. */
export function packageFileName(sha256: string): string {
  return `hardened-asterisk-${sha256}.deb`;
}

const asRoot = '[ "$(id -u)" = 0 ] && S= || S="sudo -n"';
const needPython =
  "command -v python3 >/dev/null || $S apt-get -qyo DPkg::Lock::Timeout=300 install python3-minimal >&2";
const program = "/usr/local/sbin/hardened-asterisk";

/**
 * The command that delivers and activates; its standard input is {@link deliveryDocument}. A failed command is printed whole
 * by the engine, so it is short and carries nothing but digests: even the loader comes as the first line of the input.
 */
export function activateCommand(delivery: Delivery, identity: string): string {
  const words = [delivery.agent, delivery.bundle, delivery.secrets, generationOf(delivery), identity];
  return `${asRoot}; ${needPython}; exec $S python3 -Ic 'exec(input())' ${words.join(" ")}`;
}

/** What the activation command reads: one line of Python that unpacks the program, then the program, bundle and values. */
export function deliveryDocument(loader: string, agent: Buffer, bundle: string, values: SecretValues): string {
  // A JSON string is a Python string too: the loader's lines travel as one.
  return `exec(${JSON.stringify(loader)})\n${JSON.stringify({ agent: agent.toString("base64"), bundle, values })}`;
}

/** What an activation command and its document have delivered; undefined when they are not of this form. */
export function deliveredBy(
  command: string,
  document: string,
): { readonly values: SecretValues; readonly secrets: string } | undefined {
  const [, secrets] = /'exec\(input\(\)\)' [0-9a-f]{64} [0-9a-f]{64} ([0-9a-f]{64}) /.exec(command) ?? [];
  const body = /\n(\{.*)$/s.exec(document)?.[1];
  if (secrets === undefined || body === undefined) return undefined;
  try {
    return { values: (JSON.parse(body) as { values: SecretValues }).values, secrets };
  } catch {
    // The parser's message would repeat a part of the document, which is secret.
    return undefined;
  }
}

/** Asks the host, over a connection of its own, to keep the generation. */
export function confirmCommand(generation: string, identity: string): string {
  return `${asRoot}; exec $S ${program} confirm --generation ${generation} # ${identity}`;
}

/** Asks, over one connection more, whether the generation is kept, and prints its receipt. */
export function settleCommand(generation: string, identity: string): string {
  return `${asRoot}; exec $S ${program} settle --generation ${generation} # ${identity}`;
}
