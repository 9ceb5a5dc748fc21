import { setTimeout as pause } from "node:timers/promises";
import { execOn, type Sandbox } from "../../../sandbox/sandbox";

/** The open transaction of a host as its record says, or undefined when there is none. */
export interface Transaction {
  readonly generation: string;
  readonly phase: string;
}

/** Reads the host's open transaction. */
export async function transactionOf(sandbox: Sandbox): Promise<Transaction | undefined> {
  const { stdout } = await execOn(sandbox, "pbx", ["cat", "/var/lib/hardened-asterisk/transaction.json"]);
  return stdout === "" ? undefined : (JSON.parse(stdout) as Transaction);
}

/** What the host reports about one generation, or undefined when it does not know it. */
export async function receiptOf(sandbox: Sandbox, generation: string): Promise<{ state: string } | undefined> {
  const file = `/var/lib/hardened-asterisk/generations/${generation}/receipt.json`;
  const { stdout } = await execOn(sandbox, "pbx", ["cat", file]);
  return stdout === "" ? undefined : (JSON.parse(stdout) as { state: string });
}

/**
 * Waits until nothing of the agent runs any more, no transaction is half done, and Asterisk is up: what a cut activation leaves
 * once its recovery is over. Raises with what is still going on after `ms` milliseconds.
 */
export async function settled(sandbox: Sandbox, ms = 60_000): Promise<void> {
  await eventually(ms, async () => (await working(sandbox)) ?? (await halfDone(sandbox)) ?? (await starting(sandbox)));
}

/** Asks every 100 ms until the answer is undefined; raises an `Error` with the last answer after `ms` milliseconds. */
export async function eventually(ms: number, ask: () => Promise<string | undefined>): Promise<void> {
  const deadline = Date.now() + ms;
  for (let last = await ask(); last !== undefined; last = await ask()) {
    if (Date.now() > deadline) throw new Error(`after ${ms / 1000} s still: ${last}`);
    await pause(100);
  }
}

/** A job of the agent that still runs, as systemd lists it, or undefined. */
export async function working(sandbox: Sandbox): Promise<string | undefined> {
  const argv = ["systemctl", "list-units", "--all", "--plain", "--no-legend", "--type=service", "hardened-asterisk-*"];
  const { stdout } = await execOn(sandbox, "pbx", argv);
  const lines = stdout.split("\n").filter((line) => /-activate-|-recover|-rollback-/.test(line));
  return lines.find((line) => / (activating|active|deactivating|reloading) /.test(line));
}

async function halfDone(sandbox: Sandbox): Promise<string | undefined> {
  const transaction = await transactionOf(sandbox);
  if (transaction === undefined || transaction.phase === "armed") return undefined;
  return `the transaction of ${transaction.generation} is ${transaction.phase}`;
}

async function starting(sandbox: Sandbox): Promise<string | undefined> {
  const { code, stdout, stderr } = await execOn(sandbox, "pbx", ["asterisk", "-rx", "core waitfullybooted"]);
  return code === 0 && stdout.includes("fully booted") ? undefined : `asterisk: ${stdout}${stderr}`;
}
