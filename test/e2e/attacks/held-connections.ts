import { join } from "node:path";
import { createInterface } from "node:readline";
import { startTool } from "../firewall/tool";
import { endProcess, startInNamespace } from "../peers/peer-process";
import { above, type Attack, type Outcome } from "./attack";
import { onTarget, withStolen } from "./insider";
import { freshSource, type Target } from "./target";

const count = 1005;
const calls = 8;

type Kind = "silent" | "slow-tls";

/** Opens the connections, keeps them while `work` runs, and returns how many the host had accepted. */
async function whileHeld(target: Target, kind: Kind, work: () => Promise<void>): Promise<number> {
  const script = join(__dirname, "tools/hold_connections.py");
  const holder = startInNamespace(target.sandbox.namespaces.attacker, ["python3", "-B", script]);
  // The hardened host shows strangers only its TLS port.
  const port = kind === "slow-tls" || target.name === "hardened" ? 5061 : 5060;
  const job = { address: freshSource(target), target: target.address, port, count, kind };
  holder.stdin.write(`${JSON.stringify(job)}\n`);
  try {
    const line = await new Promise<string>((resolve, reject) => {
      const end = () => {
        reject(new Error("hold_connections.py ended without a word"));
      };
      createInterface({ input: holder.stdout }).once("line", resolve).once("close", end);
    });
    await work();
    return (JSON.parse(line) as { connected: number }).connected;
  } finally {
    holder.stdin.end();
    await endProcess(holder, 2_000);
  }
}

/** A phone calls another once a second while the connections stand: Asterisk takes them one by one, over seconds. */
async function callsMeanwhile(target: Target, kind: Kind): Promise<Outcome> {
  let failed = 0;
  const connected = await withStolen(target, 2, (caller, called) =>
    whileHeld(target, kind, async () => {
      for (let number = 0; number < calls; number += 1) {
        const call = await caller.call(called.account.number, { patience: 2_000 });
        failed += Number(call.status !== 200);
        await caller.hangUp(call);
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      }
    }),
  );
  if (target.name !== "hardened") await revive(target);
  return above(0, failed, `of ${calls}; ${connected} of ${count} connections stood`);
}

/** Once out of descriptors, Asterisk never accepts a TCP connection again: attacks that follow would find the port dead. */
async function revive(target: Target): Promise<void> {
  await onTarget(target, "sh", "-c", "systemctl restart asterisk && asterisk -rx 'core waitfullybooted'");
}

/** Connections as idle.py opens and leaves them, and from which namespace. */
interface IdleConnections {
  readonly place: "attacker" | "office";
  readonly port: number;
  readonly sources: readonly string[];
  /** Connections for each source. */
  readonly each: number;
  /** Begins a TLS handshake, or asks by OPTIONS in clear. */
  readonly says: "greet" | "ask";
}

/** Runs `work` while connections stand that are opened no faster than a SIP server without room for them accepts; it is told how many came about. */
export async function whileIdle(
  target: Target,
  { place, says, ...idle }: IdleConnections,
  work: (connected: number) => Promise<Outcome>,
): Promise<Outcome> {
  const order = { target: target.address, ...idle, greet: says === "greet", ask: says === "ask", gentle: true };
  const namespace = target.sandbox.namespaces[place];
  const held = await startTool<{ connected: number }>(namespace, "idle", { ...order, seconds: 120 });
  try {
    return await work(held.first.connected);
  } finally {
    await held.stop();
    if (target.name !== "hardened") await revive(target);
  }
}

/** Connections that say nothing, from one address. */
export const silentConnections: Attack = {
  name: "silent-connections",
  what: `opens ${count} TCP connections from one address and says nothing, while phones call each other`,
  measures: "calls that failed",
  goal: "0",
  weak: ["tutorial22"],
  sample: true,
  run: (target) => callsMeanwhile(target, "silent"),
};

/** Connections that begin a TLS handshake and leave it there, from one address. */
export const slowHandshakes: Attack = {
  name: "slow-handshakes",
  what: `begins ${count} TLS handshakes from one address and never goes on, while phones call each other`,
  measures: "calls that failed",
  goal: "0",
  weak: ["tls22"],
  run: (target) => callsMeanwhile(target, "slow-tls"),
};
