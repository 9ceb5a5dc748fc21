import { openUdp } from "../peers/udp-socket";
import { above, type Attack } from "./attack";
import { asteriskPid, officeAddress, withStolen } from "./insider";
import { useTool } from "./stranger";
import type { Door, Target } from "./target";
import { tortureMessages } from "./torture-messages";

/** Sends all of them over UDP, about a hundred a second, and returns how many. */
async function overUdp(target: Target): Promise<number> {
  const socket = await openUdp(target.sandbox.namespaces.office, officeAddress(target, 6));
  const messages = tortureMessages();
  for (const { bytes } of messages) {
    socket.send(target.address, 5060, bytes);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await socket.close();
  return messages.length;
}

/** Sends each over a connection of its own; returns how many could be sent. */
async function overStreams(target: Target, { port, over }: Door): Promise<number> {
  const messages = tortureMessages().map(({ bytes }) => bytes.toString("base64"));
  const job = { address: officeAddress(target, 7), target: target.address, port, kind: over, messages };
  return (await useTool<{ sent: number }>(target, "streams.py", job, "office")).sent;
}

/** Messages that break the rules of RFC 3261 and RFC 4566, over every transport; then two phones want to talk. */
export const malformed: Attack = {
  name: "malformed",
  what: "sends messages that break the grammar of SIP and SDP (after RFC 4475), from a listed network, over UDP, TCP and TLS",
  measures: "restarts of Asterisk and failed calls afterwards",
  goal: "0",
  weak: [],
  run: async (target) => {
    const before = await asteriskPid(target);
    const udp = await overUdp(target);
    const tcp = await overStreams(target, { over: "tcp", port: 5060 });
    const tls = await overStreams(target, { over: "tls", port: 5061 });
    const restarted = before === "0" || (await asteriskPid(target)) !== before;
    const status = await withStolen(target, 2, async (caller, called) => {
      const call = await caller.call(called.account.number);
      await caller.hangUp(call);
      return call.status;
    });
    const sent = `${udp} over UDP, ${tcp} over TCP, ${tls} over TLS`;
    return above(0, Number(restarted) + Number(status !== 200), sent);
  },
};
