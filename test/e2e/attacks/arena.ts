import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import type { PhoneCard } from "../../../components/asterisk-host-args";
import { DialClass, type PbxSpec } from "../../../core/spec/spec";
import { bootTwin } from "../../../sandbox/sandbox";
import { layoutOf } from "../../../sandbox/layout";
import { firstVariant, variants, type Variant, type VariantName } from "../../../sandbox/twin";
import type { HostRelease } from "../../../sandbox/up-options";
import { ring } from "../office-calls";
import { startCarrier, type Carrier } from "../peers/carrier";
import type { Attack, Outcome } from "./attack";
import { overSsh, type Strongholds, type Stronghold } from "./stronghold";
import { doors, type Account, type Road, type Target } from "./target";

const office = "198.51.100.0/24";

const limits = { calls: 2, callMinutes: 1 };
/** Phones in the spec that nobody switches on: their passwords are in a thief's hands. */
const stolen = ["hall", "kitchen"];

const fleet = Array.from({ length: 40 }, (_, index) => `wagon${index + 1}`);

/** The golden office with a phone on the road, six phones in all, those whose passwords were stolen, and forty wagons on the road. */
function arenaSpec(road: Road): PbxSpec {
  const spec = parse(readFileSync(path.join(__dirname, "../../golden/office/spec.yaml"), "utf8")) as PbxSpec;
  const onRoad = { roaming: true, transport: road };
  const wagons = fleet.map((wagon, index) => [wagon, { number: String(300 + index), ...onRoad }] as const);
  const more = {
    van: { number: "104", ...onRoad },
    desk: { number: "105", networks: [office], transport: "tcp" as const },
    lobby: { number: "106", networks: [office] },
    hall: { number: "107", networks: [office], mayDial: [DialClass.Internal, DialClass.National] },
    kitchen: { number: "108", networks: [office], mayDial: [DialClass.Internal, DialClass.National] },
  };
  const until = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  const waiver = { protection: "network/require-listed-sip", reason: "phones that cannot do TLS", until };
  const phones = { ...spec.phones, ...more, ...Object.fromEntries(wagons) };
  return { ...spec, phones, limits, ...(road === "udp" ? { waivers: [waiver] } : {}) };
}

/** The phones of a spec as an attack sees them, with the credentials that the stack gave out. */
export function accountsOf(
  cards: Readonly<Record<string, PhoneCard>>,
  { phones }: PbxSpec,
): Pick<Target, "accounts" | "stolen" | "fleet"> {
  const of = (wanted: (phone: string) => boolean) =>
    Object.entries(phones).flatMap(([phone, { number, roaming = false }]) => {
      const card = cards[phone];
      if (card === undefined || !wanted(phone)) return [];
      const { user, password, transport, port } = card;
      return [{ user, password, number, roaming, door: { over: transport as Account["door"]["over"], port } }];
    });
  return {
    accounts: of((phone) => !stolen.includes(phone) && !fleet.includes(phone)),
    stolen: of((phone) => stolen.includes(phone)),
    fleet: of((phone) => fleet.includes(phone)),
  };
}

/** One attack against one target. */
export interface Bout {
  readonly attack: string;
  readonly target: Target["name"] | "hardened-udp";
  readonly outcome: Outcome;
  /** Seconds. */
  readonly took: number;
}

/** What the hardened host is like. */
export interface Battleground {
  /** How phones on the road reach it. Default: `tls`. */
  readonly road?: Road;
  /** What it runs. Default: `debian-14`. */
  readonly os?: HostRelease;
  /** How it gets its configuration. Default: over SSH. */
  readonly strongholds?: Strongholds;
}

/** The hardened host, the twins, the carrier and the customer's phones, all up. */
export class Arena {
  readonly #used = new Map<string, number>();
  readonly #worn = new Map<string, VariantName>(Object.entries(firstVariant));

  private constructor(
    private readonly pbx: Stronghold,
    private readonly carrier: Carrier,
    private own: ReturnType<typeof accountsOf>,
    private road: Road,
    private readonly progress: (line: string) => void,
  ) {}

  /** Boots everything; `twin16` only when one of the attacks needs it, since its image takes a minute to build. */
  static async open(
    name: string,
    attacks: readonly Attack[],
    progress: (line: string) => void,
    { road = "tls", os = "debian-14", strongholds = overSsh }: Battleground = {},
  ): Promise<Arena> {
    const hosts = new Set<string>(attacks.flatMap(({ weak }) => weak.map((variant) => variants[variant].host)));
    const [twin, twin16] = [hosts.has("twin"), hosts.has("twin16")];
    const spec = arenaSpec(road);
    const pbx = await strongholds.open({ name, spec, os, twin, twin16, progress });
    const cards = await pbx.configure(spec);
    const carrier = await startCarrier({
      namespace: pbx.sandbox.namespaces.carrier,
      address: pbx.sandbox.addresses.carrier.signalling,
      mediaAddress: pbx.sandbox.addresses.carrier.media,
      directory: path.join(layoutOf(name).directory, "carrier"),
    });
    await Promise.all([pbx.register("reception"), pbx.register("sales")]);
    return new Arena(pbx, carrier, accountsOf(cards, spec), road, progress);
  }

  /** Ends everything of the arena of that name, also of one that did not come up whole. */
  static async remove(name: string, arena?: Arena, { strongholds = overSsh }: Battleground = {}): Promise<void> {
    await arena?.carrier.stop();
    await arena?.pbx.hangUp();
    await strongholds.remove(name);
  }

  /** How many of the attacker's addresses no target has seen yet. */
  get addressesLeft(): number {
    return this.pbx.sandbox.addresses.attacker.length - Math.max(0, ...this.#used.values());
  }

  /** Runs an attack against the hardened host, and asks the customer's phone whether it can still call. */
  async hardened(attack: Attack, full: boolean, road: Road = this.road): Promise<Bout> {
    if (road !== this.road) await this.#take(road);
    const fought = await this.#bout(attack, this.#target("hardened"), full);
    const bout = road === "udp" ? { ...fought, target: "hardened-udp" as const } : fought;
    try {
      await this.#customerCalls();
      return bout;
    } catch (error) {
      const note = `${bout.outcome.note ?? ""}; afterwards the customer could not call: ${String(error)}`;
      return { ...bout, outcome: { ...bout.outcome, broken: true, note } };
    }
  }

  /** Runs an attack against a weak variant of the twin; the twin is booted afresh when it is another one at the time, or has bans of before. */
  async twin(attack: Attack, variant: VariantName, full: boolean): Promise<Bout> {
    const { host, bans = false }: Variant = variants[variant];
    if (bans || this.#worn.get(host) !== variant) {
      this.progress(`booting the twin ${variant}`);
      this.#worn.delete(host);
      await bootTwin(this.pbx.sandbox, variant);
      this.#worn.set(host, variant);
    }
    return this.#bout(attack, this.#target(variant), full);
  }

  async #take(road: Road): Promise<void> {
    this.progress(`phones on the road over ${road} from now on`);
    const spec = arenaSpec(road);
    this.own = accountsOf(await this.pbx.configure(spec), spec);
    this.road = road;
  }

  async #bout(attack: Attack, target: Target, full: boolean): Promise<Bout> {
    const started = Date.now();
    const outcome = await attack.run(target, full);
    const took = (Date.now() - started) / 1000;
    const said = `${outcome.figure} ${attack.measures}, ${outcome.broken ? "broken" : "held"}`;
    const where = target.name === "hardened" && this.road === "udp" ? "hardened-udp" : target.name;
    this.progress(`${attack.name} against ${where}: ${said}${outcome.note ? ` (${outcome.note})` : ""}`);
    return { attack: attack.name, target: target.name, outcome, took };
  }

  #target(name: Target["name"]): Target {
    const { sandbox } = this.pbx;
    const host = name === "hardened" ? "pbx" : variants[name].host;
    return {
      ...{ name, host, sandbox, address: sandbox.addresses[host], carrier: this.carrier },
      ...(name === "hardened" ? this.own : { accounts: twinAccounts(), stolen: twinAccounts().slice(3), fleet: [] }),
      limits,
      trunk: name === "hardened" ? "carrier" : "trunk",
      did: "+81312345678",
      ssh: name !== "hardened" || this.pbx.ssh,
      fresh: (count) => this.#fresh(host, count),
    };
  }

  #fresh(host: string, count: number): string[] {
    const from = this.#used.get(host) ?? 0;
    const { attacker } = this.pbx.sandbox.addresses;
    if (from + count > attacker.length) throw new Error(`all ${attacker.length} addresses of the attacker are used up`);
    this.#used.set(host, from + count);
    return attacker.slice(from, from + count);
  }

  async #customerCalls(): Promise<void> {
    const { phones } = this.pbx;
    const [reception, sales] = [phones.get("reception"), phones.get("sales")];
    if (reception === undefined || sales === undefined) throw new Error("the customer's phones are not started");
    await reception.call("102");
    await sales.waitEstablished(ring);
    await reception.hangup();
    await sales.waitClosed(ring);
  }
}

function twinAccounts(): Account[] {
  const [door = { over: "udp", port: 5060 }] = doors;
  return ["100", "101", "102", "103", "104", "105"].map((user) => {
    const password = user < "103" ? user : "1234";
    return { user, password, number: user, door };
  });
}
