import path from "node:path";
import type { PhoneCard } from "../../components/asterisk-host-args";
import { Installation } from "../../tools/operator/installation";
import { forgedInvitation } from "./attacks/forged-invitation";
import { forge } from "./attacks/stranger";
import { limits, members, officeOfTwenty as spec } from "./limits-office";
import { clearly, outcomeOf, ring } from "./office-calls";
import { placeCall, startCarrier, type Carrier } from "./peers/carrier";
import { eventually } from "./faults/settled";
import { waitUntil } from "./peers/peer-process";
import type { Phone } from "./peers/phone";
import { cut, heardTone } from "./peers/tone";
import { UserAgent, type Exchange } from "./peers/user-agent";
import { ask, onHost, openDescriptors } from "./scenario";

const name = "testlimits";
const minutes = 60_000;

let pbx: Installation;
let carrier: Carrier | undefined;
const callers = new Map<string, Phone>();
const agents = new Map<string, UserAgent>();
const inside: { agent: UserAgent; call: Exchange }[] = [];

const agent = (member: string) => {
  const found = agents.get(member);
  if (found === undefined) throw new Error(`${member} is not open`);
  return found;
};
const channels = async () => Number(/(\d+) active channels?/.exec(await ask(pbx, "core show channels count"))?.[1]);
const settled = () => eventually(20_000, async () => ((await channels()) === 0 ? undefined : "channels are left"));
const ringing = () => [...agents.values()].reduce((all, { ringing }) => all + ringing, 0);

async function hangUpAll(): Promise<void> {
  for (const phone of callers.values()) if (phone.inCall) await phone.hangup();
  await Promise.all(inside.splice(0).map(({ agent, call }) => agent.hangUp(call)));
  await onHost(pbx, "asterisk", "-rx", "channel request hangup all");
  await settled();
}

/** Forged calls in the carrier's name, from the attacker's place. */
async function forgeCalls(number: string, count: number): Promise<void> {
  const { addresses } = pbx.sandbox;
  const packets = Array.from({ length: count }, () =>
    forgedInvitation(addresses.pbx, addresses.carrier.signalling, number),
  );
  await forge({ sandbox: pbx.sandbox, address: addresses.pbx }, packets);
}

const inbound = (number: string) =>
  placeCall({
    namespace: pbx.sandbox.namespaces.carrier,
    address: pbx.sandbox.addresses.carrier.signalling,
    directory: path.join("/run", `hardened-asterisk-installation-${name}`, "inbound"),
    target: pbx.sandbox.addresses.pbx,
    number,
    seconds: 1,
    answerWithin: 2_000,
  });

/** Calls 112 and returns the share of two seconds in which the phone heard its own tone back from the carrier. */
async function emergency(phone: Phone): Promise<number> {
  await phone.call("112");
  await phone.waitEstablished(ring);
  await new Promise((resolve) => setTimeout(resolve, 2000));
  await phone.hangup();
  return heardTone(cut(await phone.recording(), 500), phone.options.tone);
}

async function everyTransport(): Promise<void> {
  for (const [transport, phone] of callers) {
    const before = ((await carrier?.invites()) ?? []).length;
    expect([transport, await emergency(phone)]).toEqual([transport, expect.any(Number)]);
    expect(((await carrier?.invites()) ?? []).slice(before)).toMatchObject([{ number: "112", answered: true }]);
    expect(heardTone(cut(await phone.recording(), 500), phone.options.tone)).toBeGreaterThan(clearly);
  }
}

beforeAll(async () => {
  pbx = await Installation.open({ name, spec });
  await pbx.stack.up();
  carrier = await startCarrier({
    namespace: pbx.sandbox.namespaces.carrier,
    address: pbx.sandbox.addresses.carrier.signalling,
    directory: path.join("/run", `hardened-asterisk-installation-${name}`, "carrier"),
  });
  for (const transport of ["udp", "tcp", "tls"]) callers.set(transport, await pbx.register(transport));
  const cards = await pbx.stack.output<Record<string, PhoneCard>>("credentials");
  for (const [index, member] of members.entries()) {
    const { user = "", password = "" } = cards[member] ?? {};
    const opened = await UserAgent.open({
      ...{ namespace: pbx.sandbox.namespaces.office, address: pbx.sandbox.addresses.office.at(-1 - index) ?? "" },
      ...{ target: pbx.sandbox.addresses.pbx, user, password, number: spec.phones[member]?.number ?? "" },
    });
    opened.answering = "ring";
    agents.set(member, opened);
    expect((await opened.register(600)).status).toBe(200);
  }
}, 5 * minutes);

afterAll(async () => {
  for (const one of agents.values()) await one.close();
  await carrier?.stop();
  await pbx.hangUp();
  await Installation.remove(name);
}, minutes);

afterEach(hangUpAll, minutes);

test(
  "a group call rings every member; further ones still ring one each, and what is over the limits is busy at once",
  async () => {
    await forgeCalls("+49305550100", 1);
    await waitUntil(
      () => ringing() === 20,
      5_000,
      () => `${ringing()} of 20 phones ring`,
    );
    await forgeCalls("+49305550100", 40);
    await waitUntil(
      () => ringing() >= limits.inboundLegs,
      5_000,
      () => `${ringing()} legs ring`,
    );
    expect(ringing()).toBe(limits.inboundLegs);
    expect(await inbound("+49305550100")).toMatchObject({ status: 486 });
    await everyTransport();
  },
  3 * minutes,
);

test(
  "forged calls to one phone take its places alone",
  async () => {
    await forgeCalls("+49305550101", 60);
    await waitUntil(
      () => agent("desk1").ringing >= 4,
      5_000,
      () => "desk1 does not ring",
    );
    expect(agent("desk1").ringing).toBe(4);
    expect(await inbound("+49305550101")).toMatchObject({ status: 486 });
    const other = callers.get("tcp");
    if (other === undefined) throw new Error("no phone over TCP");
    expect(await outcomeOf(other, "101")).toBe("put through");
    await everyTransport();
  },
  3 * minutes,
);

/** Two thieves ask for every call they can get: to the group, and emergency calls. */
async function fillFromInside(): Promise<void> {
  const [first, second] = [agent("desk2"), agent("desk3")];
  const calls = [first, second].flatMap((thief) =>
    ["300", "112"].flatMap((number) =>
      Array.from({ length: 20 }, async () => {
        const call = await thief.call(number, { patience: 8_000 });
        inside.push({ agent: thief, call });
        return { thief, number, status: call.status };
      }),
    ),
  );
  const answers = await Promise.all(calls);
  for (const thief of [first, second])
    expect(
      answers.filter((one) => one.thief === thief && one.number === "112" && one.status === 200).length,
    ).toBeLessThanOrEqual(2);
}

test(
  "two thieves hold two emergency calls each, and other phones call each other and 112",
  async () => {
    await fillFromInside();
    const [udp, tcp] = [callers.get("udp"), callers.get("tcp")];
    if (udp === undefined || tcp === undefined) throw new Error("a phone is missing");
    expect(await outcomeOf(tcp, "101")).toBe("put through");
    await everyTransport();
  },
  3 * minutes,
);

test(
  "when the emergency places are taken, a phone without one ends another's second call; then calls take ordinary places",
  async () => {
    expect(limits.emergencyCalls).toBe(6);
    const hold = async (member: string) => {
      const thief = agent(member);
      const call = await thief.call("112", { patience: 8_000 });
      inside.push({ agent: thief, call });
      return call.status;
    };
    const first = ["desk2", "desk3", "desk4"];
    for (const member of first.flatMap((one) => [one, one])) expect(await hold(member)).toBe(200);
    expect(await hold("desk2")).toBe(503);
    const ended = () => first.map((member) => agent(member).ended.length);
    const before = ended();
    for (const member of ["desk5", "desk6", "desk7"]) expect(await hold(member)).toBe(200);
    await waitUntil(
      () => ended().every((count, index) => count === (before[index] ?? 0) + 1),
      5_000,
      () => `ended: ${ended().join(", ")}, before ${before.join(", ")}`,
    );
    // All six are first calls now: nobody is cut off any more, and there are ordinary places.
    for (const member of ["desk8", "desk9"]) expect(await hold(member)).toBe(200);
    expect(ended()).toEqual(before.map((count) => count + 1));
    await everyTransport();
  },
  3 * minutes,
);

test(
  "a phone that hands its emergency calls to each other keeps its two places, and gets no more",
  async () => {
    const thief = agent("desk10");
    const [one, other] = [await thief.call("112"), await thief.call("112")];
    const { callId, from } = other.request;
    const tag = (header = "") => /;tag=([^;>]+)/.exec(header)?.[1] ?? "";
    const tags = `to-tag%3D${tag(other.response?.headers.get("to")?.[0])}%3Bfrom-tag%3D${tag(from)}`;
    const target = `<sip:x@${thief.account.target}?Replaces=${callId}%3B${tags}>`;
    const { status } = await thief.within(one, "REFER", { "Refer-To": target, Contact: thief.contact });
    inside.push({ agent: thief, call: one }, { agent: thief, call: other });
    expect([one.status, other.status]).toEqual([200, 200]);
    expect(status).toBe(202);
    await waitUntil(
      () => [one, other].some((call) => thief.ended.includes(call.request.callId)),
      5_000,
      () => `ended: ${thief.ended.join(", ")}`,
    );
    expect((await thief.call("112")).status).toBe(503);
    await everyTransport();
  },
  2 * minutes,
);

test(
  "with every limit reached from outside and from inside, 112 is put through over UDP, TCP and TLS",
  async () => {
    await forgeCalls("+49305550101", 60);
    await forgeCalls("+49305550100", 60);
    await fillFromInside();
    await forgeCalls("+49305550100", 60);
    await everyTransport();
    expect(await openDescriptors(pbx)).toBeLessThan(0.75);
  },
  3 * minutes,
);
