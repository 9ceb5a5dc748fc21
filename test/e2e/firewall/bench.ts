import type { PhoneCard } from "../../../components/asterisk-host-args";
import type { PbxSpec } from "../../../core/spec/spec";
import { execOn } from "../../../sandbox/sandbox";
import { Installation } from "../../../tools/operator/installation";
import type { Phone } from "../peers/phone";
import { onHost } from "../scenario";
import { useTool } from "./tool";

/** The PBX's own table, as nft names it. */
export const table = ["inet", "hardened_asterisk"];

/** What a guesser reports. */
export interface Guesses {
  /** Guesses that got an answer, by source. */
  readonly answered: Readonly<Record<string, number>>;
  /** Connections that came about. */
  readonly opened: number;
}

/** All answered guesses. */
export const total = ({ answered }: Guesses) => Object.values(answered).reduce((sum, one) => sum + one, 0);

/** How somebody guesses; see guess.py. */
export interface Guessing {
  readonly sources: readonly string[];
  readonly pipelined?: boolean;
  readonly connections?: number;
  /** Seconds after which it is given up. Default: 12. */
  readonly seconds?: number;
}

/** Asks until it holds; raises an `Error` after `ms` milliseconds. */
export async function until(condition: () => Promise<boolean>, what: string, ms = 30_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within ${ms / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Whether a set of a PBX's firewall holds an element. */
export async function holds(pbx: Installation, set: string, element: string): Promise<boolean> {
  return (await execOn(pbx.sandbox, "pbx", ["nft", "get", "element", ...table, set, "{", element, "}"])).code === 0;
}

/** Packets that a named counter of a PBX's firewall has seen. */
export async function packets(pbx: Installation, counter: string): Promise<number> {
  return Number(/packets (\d+)/.exec(await onHost(pbx, "nft", "list", "counter", ...table, counter))?.[1]);
}

/** An office with two listed phones, reception and sales, a carrier, and phones on the road named van1, van2 and so on, up to 1,000. */
export function officeWithVans(vans: number): PbxSpec {
  // No number that begins like a longer one, nor an emergency number of some country.
  const first = vans > 300 ? 2000 : 200;
  const road = Array.from({ length: vans }, (_, index) => [
    `van${index + 1}`,
    { number: String(first + index), roaming: true },
  ]);
  return {
    country: "JP",
    admins: ["198.51.100.7/32", "2001:db8:51::/64"],
    phones: {
      reception: { number: "101", networks: ["198.51.100.0/24"] },
      sales: { number: "102", networks: ["198.51.100.0/24"] },
      ...(Object.fromEntries(road) as PbxSpec["phones"]),
    },
    trunks: { carrier: { signalling: ["192.0.2.0/28"], media: ["192.0.2.128/25"], server: "192.0.2.2" } },
  };
}

/** A PBX under attack, its two listed phones registered. */
export class Bench {
  #used = 0;

  private constructor(
    readonly pbx: Installation,
    readonly reception: Phone,
    readonly sales: Phone,
    readonly cards: Readonly<Record<string, PhoneCard>>,
  ) {}

  /** Boots, delivers, registers; with `twin`, the unhardened twin stands beside it. */
  static async open(name: string, vans: number, { twin = false } = {}): Promise<Bench> {
    const pbx = await Installation.open({ name, spec: officeWithVans(vans), twin });
    await pbx.stack.up();
    const cards = await pbx.stack.output<Record<string, PhoneCard>>("credentials");
    return new Bench(pbx, await pbx.register("reception"), await pbx.register("sales"), cards);
  }

  /** Addresses of the attacker that the PBX has not seen yet. */
  fresh(count: number): string[] {
    this.#used += count;
    return this.pbx.sandbox.addresses.attacker.slice(this.#used - count, this.#used);
  }

  /** Guesses the password of a true name over TLS, from a namespace (default: the attacker's). */
  guess(how: Guessing, from = this.pbx.sandbox.namespaces.attacker): Promise<Guesses> {
    const user = this.cards["van1"]?.user ?? "";
    const order = { over: "tls", target: this.pbx.sandbox.addresses.pbx, port: 5061, tries: 60_000, user, seconds: 12 };
    return useTool<Guesses>(from, "guess", { ...order, ...how });
  }

  /** Whether a set of the firewall holds an element. */
  holds(set: string, element: string): Promise<boolean> {
    return holds(this.pbx, set, element);
  }

  /** Packets that a named counter of the firewall has seen. */
  counter(name: string): Promise<number> {
    return packets(this.pbx, name);
  }

  /** Runs a command on the PBX and returns how it ended. */
  try(...argv: string[]) {
    return execOn(this.pbx.sandbox, "pbx", argv);
  }
}
