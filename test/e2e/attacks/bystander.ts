import type { Role } from "../../../sandbox/layout";
import { inNamespace, tryRun } from "../../../sandbox/command";
import { askAll } from "./stranger";
import { freshSource, type Account, type Target } from "./target";

/** Somebody who has done nothing, and how to see whether the target still hears them. */
export interface Bystander {
  readonly who: string;
  /** The source address the target sees. */
  readonly address: string;
  readonly heard: () => Promise<boolean>;
}

/** Asks with an account's own credentials, without Contact, so that no binding changes. */
async function registers(target: Target, account: Account, source: string, place: Role): Promise<boolean> {
  const { user, password, door } = account;
  const name = `<sip:${user}@${target.address}>`;
  const order = { method: "REGISTER", uri: `sip:${target.address}`, from: name, to: name };
  // A telephone keeps its port.
  const port = door.over === "udp" ? { sourcePort: 5062 } : {};
  const asking = { source, place, workers: 1, ...port };
  const [reply] = await askAll(target, door, [{ ...order, credentials: { user, password } }], asking);
  return reply?.status === 200;
}

/** Whether a TCP connection to a port of the target is taken. */
async function connects(target: Target, place: Role, source: string, port: number): Promise<boolean> {
  const argv = ["socat", "-u", "OPEN:/dev/null", `TCP:${target.address}:${port},bind=${source},connect-timeout=2`];
  return (await tryRun(inNamespace(target.sandbox.namespaces[place] ?? "", argv))).code === 0;
}

/** A call of the carrier to the declared number; anything but silence is an answer. */
async function carrierIsAnswered(target: Target): Promise<boolean> {
  const order = {
    method: "OPTIONS",
    uri: `sip:${target.did}@${target.address}`,
    from: `<sip:+81398765432@${target.sandbox.addresses.carrier.signalling}>`,
  };
  const source = target.sandbox.addresses.carrier.signalling;
  const [reply] = await askAll(target, { over: "udp", port: 5060 }, [order], { source, place: "carrier" });
  return reply?.status !== null;
}

/** The customers: a phone in the office, one on the road behind a router, the carrier, and an admin who logs in over SSH. */
export function customers(target: Target): Bystander[] {
  const { accounts, sandbox } = target;
  const { addresses } = sandbox;
  const desk = accounts[0];
  const road = accounts.find(({ roaming }) => roaming) ?? accounts[1];
  if (desk === undefined || road === undefined) throw new Error(`${target.name} has too few accounts`);
  const seat = addresses.office.at(-3) ?? "";
  const home = addresses.home.at(-1) ?? "";
  const admin = { who: "admin", address: addresses.operator };
  return [
    { who: "office phone", address: seat, heard: () => registers(target, desk, seat, "office") },
    { who: "phone on the road", address: addresses.nat.outside, heard: () => registers(target, road, home, "home") },
    { who: "carrier", address: addresses.carrier.signalling, heard: () => carrierIsAnswered(target) },
    ...(target.ssh ? [{ ...admin, heard: () => connects(target, "operator", admin.address, 22) }] : []),
  ];
}

/** A stranger with an address of the attacker's network, who only connects. */
export function passerBy(target: Target): Bystander {
  const address = freshSource(target);
  const { port } = target.accounts.find(({ door }) => door.over === "tls")?.door ?? { port: 5060 };
  return { who: "passer-by", address, heard: () => connects(target, "attacker", address, port) };
}

/** Asks everybody `rounds` times, and returns how often nobody answered. */
export async function losses(
  everybody: readonly Bystander[],
  rounds: number,
): Promise<{ lost: number; of: number; who: string[] }> {
  const lost: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const heard = await Promise.all(everybody.map((one) => one.heard()));
    for (const [index, one] of everybody.entries()) if (heard[index] !== true) lost.push(one.who);
  }
  return { lost: lost.length, of: rounds * everybody.length, who: [...new Set(lost)] };
}
