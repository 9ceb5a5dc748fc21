import { startTool, useTool as forge } from "../firewall/tool";
import { above, type Attack } from "./attack";
import { forged } from "./flood";
import { useTool } from "./stranger";
import { freshSource, type Account, type Target } from "./target";

/** Seconds within which a phone has to be registered. */
const patience = 10;
const newcomers = 6;
/** Addresses that nobody has. */
const nobody = forged("198.18.3.");

/** How many of the phones the PBX lets register at once from an address it has never seen, and the slowest, in seconds. */
export async function register(
  target: Target,
  phones: readonly Account[],
  from = freshSource(target),
): Promise<{ registered: number; slowest: number }> {
  const { over, port } = phones[0]?.door ?? {};
  const order = {
    ...{ target: target.address, port, source: from, seconds: patience, hold: 0 },
    phones: phones.map(({ user, password }) => [user, password]),
  };
  const script = over === "udp" ? "register_udp" : "register";
  const tool = await startTool<Registered>(target.sandbox.namespaces.attacker, script, order);
  await tool.stop();
  const seconds = Object.values(tool.first.registered);
  return { registered: seconds.length, slowest: Math.max(0, ...seconds) };
}

/** The phones of somebody on the road, over TLS whatever they use; the twin has the office's alone. */
export function phonesOverTls({ fleet, accounts }: Target): Account[] {
  const door = { over: "tls", port: 5061 } as const;
  return (fleet.length > 0 ? fleet : accounts).map((account) => ({ ...account, door }));
}

/** How many of some phones are kept out when each registers from a new address, and the slowest of the others. */
export async function keptOut(target: Target, phones: readonly Account[]): Promise<{ kept: number; slowest: number }> {
  const all = await Promise.all(phones.map((phone) => register(target, [phone])));
  const registered = all.reduce((sum, one) => sum + one.registered, 0);
  return { kept: phones.length - registered, slowest: Math.max(...all.map((one) => one.slowest)) };
}

interface Registered {
  /** Seconds, by user. */
  readonly registered: Readonly<Record<string, number>>;
}

/** An office whose line has no address of its own: its phones come all at once, as after a power cut. */
export const fortyBehindOneRouter: Attack = {
  name: "forty-behind-one-router",
  what: `lets 40 phones on the road register at once from one address that the PBX has never seen, and counts those not in within ${patience} s`,
  measures: "phones kept out of 40",
  goal: "0",
  weak: [],
  bothRoads: true,
  run: async (target) => {
    const { registered, slowest } = await register(target, target.fleet);
    return above(0, target.fleet.length - registered, `the slowest took ${slowest} s`);
  },
};

/** The first registration of a phone from a new address, while strangers flood. */
export const newPhoneInFlood: Attack = {
  name: "new-phone-in-a-flood",
  what: `sends 2,000 REGISTER a second from 200 forged sources while ${newcomers} phones, each from a new address, register for the first time within ${patience} s`,
  measures: `phones kept out of ${newcomers}`,
  goal: "0",
  weak: [],
  bothRoads: true,
  run: async (target) => {
    const flood = {
      target: target.address,
      port: 5060,
      method: "REGISTER",
      rate: 2000,
      seconds: patience + 4,
      sources: nobody,
    };
    const flooded = useTool<{ rate: number }>(target, "flood.py", flood);
    // A flood has to stand before it can be in the way.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const { kept, slowest } = await keptOut(target, target.fleet.slice(0, newcomers));
    const { rate } = await flooded;
    if (rate < 1_800) throw new Error(`that was no flood: only ${rate} packets a second were sent`);
    return above(0, kept, `the slowest took ${slowest} s`);
  },
};

/** Forged beginnings of TCP connections, in the names of nobody, the carrier and an office, while phones come for the first time. */
export const newPhoneInForgedTcp: Attack = {
  name: "new-phone-in-forged-tcp",
  what: `sends 5,000 SYN a second from forged sources, the carrier's and a listed office's among them, while ${newcomers} phones, each from a new address, register over TLS for the first time within ${patience} s`,
  measures: `phones kept out of ${newcomers}`,
  goal: "0",
  weak: [],
  run: async (target) => {
    const { carrier, office } = target.sandbox.addresses;
    const sources = [...nobody, carrier.signalling, ...office.slice(0, 2)];
    const order = { sources, sourcePort: 0, target: target.address, port: 5061, flags: "S", rate: 5_000 };
    const flooded = forge<{ sent: number }>(target.sandbox.namespaces.attacker, "forge_tcp", { ...order, seconds: 14 });
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const { kept, slowest } = await keptOut(target, phonesOverTls(target).slice(0, newcomers));
    const { sent } = await flooded;
    if (sent < 56_000) throw new Error(`that was no flood: only ${sent} packets were sent in 14 s`);
    return above(0, kept, `the slowest took ${slowest} s`);
  },
};
