import { inNamespace, run } from "../../sandbox/command";
import type { Installation } from "../../tools/operator/installation";
import { eventually } from "./faults/settled";
import type { Phone } from "./peers/phone";
import { ask } from "./scenario";

/** Milliseconds in which an INVITE reaches a phone by its own retransmissions, the last of them after 10.7 s. */
const inviteTime = 14_000;

/** What the network in front of the office does to packets; `phone` is the address of the phone that is called. */
export type Trouble = "every OPTIONS is lost" | "one packet in 20 is lost" | "the phone sleeps for 10 s";

const table = "inet trouble";
const sleepMilliseconds = 10_000;

/** Rules of nft for the router between the PBX and the phones: what is dropped there, the sender does not notice. */
const rules: Record<Trouble, (phone: string) => readonly string[]> = {
  "every OPTIONS is lost": () => ["udp dport 5060 @th,64,56 0x4f5054494f4e53 drop"],
  "one packet in 20 is lost": () => ["meta l4proto udp numgen random mod 20 0 drop"],
  "the phone sleeps for 10 s": (phone) => [`ip daddr ${phone} drop`, `ip saddr ${phone} drop`],
};

const nft = (pbx: Installation, text: string) =>
  run(inNamespace(pbx.sandbox.namespaces.internet, ["nft", "-f", "-"]), { input: text });

/** Begins a trouble; returns how it ends. */
export async function begin(pbx: Installation, trouble: Trouble, phone: string): Promise<() => Promise<void>> {
  const chain = `chain forward { type filter hook forward priority 0; ${rules[trouble](phone).join("; ")}; }`;
  await nft(pbx, `table ${table} {\n${chain}\n}`);
  return async () => {
    await nft(pbx, `delete table ${table}`);
  };
}

/** Waits until Asterisk holds a phone for unreachable, as after an OPTIONS that got no answer. */
export async function heldUnreachable(pbx: Installation, { options }: Phone): Promise<void> {
  await ask(pbx, `pjsip qualify ${options.user}`);
  await eventually(10_000, async () =>
    (await ask(pbx, "pjsip show contacts")).includes("Unavail") ? undefined : "the phone is held for reachable",
  );
}

/** Calls a number `count` times, each in a trouble of its own when it is sleep; returns how each call ended. */
export async function callAgain(
  pbx: Installation,
  { from, to, number, count, trouble }: { from: Phone; to: Phone; number: string; count: number; trouble?: Trouble },
): Promise<string[]> {
  const outcomes: string[] = [];
  for (let left = count; left > 0; left--) {
    const wake = trouble === undefined ? undefined : await begin(pbx, trouble, to.options.address);
    const alarm = wake && new Promise((resolve) => setTimeout(resolve, sleepMilliseconds)).then(wake);
    await from.call(number);
    const outcome = await from.waitEstablished(inviteTime).then(
      () => "put through",
      (error: unknown) => String(error),
    );
    await alarm;
    outcomes.push(outcome);
    if (from.inCall) await from.hangup();
    if (to.inCall) await to.waitClosed(10_000);
  }
  return outcomes;
}
