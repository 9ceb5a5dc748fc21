import type { Attack, Outcome } from "./attack";
import { asteriskPid, officeAddress, onTarget } from "./insider";
import { useTool } from "./stranger";
import { freshSource, type Target } from "./target";

const rate = 2000;
/** Of a registered phone's requests at most 1 % lost, and 95 % of its round trips within 20 ms. */
const goal = { lost: 1, p95: 20 };

type Trips = Record<"OPTIONS" | "REGISTER", { sent: number; lost: number; p95: number | null }>;

/** Processor time of Asterisk so far, in hundredths of a second. */
async function ticks(target: Target): Promise<number> {
  const stat = await onTarget(target, "cat", `/proc/${await asteriskPid(target)}/stat`);
  // The second field, the command, may hold blanks itself (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

/** A phone in the office asks 40 times a second and measures. */
function measure(target: Target, seconds: number): Promise<Trips> {
  const { user, password } = target.stolen[0] ?? {};
  const job = { address: officeAddress(target, 0), target: target.address, port: 5060, rate: 40, seconds };
  return useTool<Trips>(target, "round_trips.py", { ...job, account: { user, password } }, "office");
}

/** Floods for some seconds with one method, beginning a second after the phone; raises when the rate was not reached. */
async function flood(target: Target, method: string, sources: readonly string[], seconds: number): Promise<Outcome> {
  const phone = measure(target, seconds + 2);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const before = await ticks(target);
  const job = { target: target.address, port: 5060, method, rate, seconds, sources };
  const sent = await useTool<{ rate: number; sent: number; seconds: number }>(target, "flood.py", job);
  const cpu = Math.round(((await ticks(target)) - before) / sent.seconds);
  const trips = Object.values(await phone);
  if (sent.rate < rate * 0.9) throw new Error(`that was no flood: only ${sent.rate} packets a second were sent`);
  const all = trips.reduce((sum, one) => sum + one.sent, 0);
  const lost = Math.round((trips.reduce((sum, one) => sum + one.lost, 0) / all) * 1000) / 10;
  const p95 = Math.max(...trips.map((one) => one.p95 ?? Infinity));
  const note = `p95 ${p95} ms; Asterisk at ${cpu} % of a processor; ${sent.sent} packets sent`;
  return { figure: lost, broken: lost > goal.lost || p95 > goal.p95, note };
}

/** 200 addresses of a /24; the attacker's neighbours in 198.18.3.0/24 are nobody's. */
export const forged = (prefix: string): string[] => Array.from({ length: 200 }, (_, index) => `${prefix}${index + 20}`);

/** From where a flood seems to come; the last forges addresses of the phones' own network, which no firewall can tell. */
const origins = {
  "one-source": { from: "one source", sources: (target: Target) => [freshSource(target)] },
  forged: { from: "200 forged sources", sources: () => forged("198.18.3.") },
  "forged-office": { from: "200 forged sources of a listed network", sources: () => forged("198.51.100.") },
};

const unmet =
  "on a busy machine a third of a phone's requests is lost: an address may be an office; TLS is the cure (docs/threat-model.md)";

/** A flood of each method from each origin. */
export const floods: readonly Attack[] = ["OPTIONS", "INVITE", "REGISTER"].flatMap((method) =>
  Object.entries(origins).map(([origin, { from, sources }]) => ({
    name: `flood-${method.toLowerCase()}-${origin}`,
    what: `sends ${rate} ${method} a second from ${from} while a registered phone measures`,
    measures: "% of the phone's requests lost",
    goal: "≤ 1, p95 ≤ 20 ms",
    // Asterisk 22 bears this even unhardened; chan_sip of 16 does not bear INVITEs.
    weak: method === "INVITE" ? (["tutorial16"] as const) : [],
    bothRoads: origin !== "forged-office",
    ...(method === "INVITE" && origin === "forged-office" ? { unmet } : {}),
    run: (target: Target, full: boolean) => flood(target, method, sources(target), full ? 10 : 5),
  })),
);
