import { setTimeout as pause } from "node:timers/promises";
import { execOn } from "../../../sandbox/sandbox";
import type { Installation } from "../../../tools/operator/installation";
import { outcomeOf, ring } from "../office-calls";
import { startCarrier } from "../peers/carrier";
import { ask } from "../peers/sip-client";
import { registerGuess, type Stranger } from "../peers/stranger";
import { openUdp } from "../peers/udp-socket";
import { onHost } from "../scenario";

/** The number that {@link provoke} calls outside. */
export const outside = "0312345670";

/** Whom the lies of {@link provoke} accuse. */
export const accused = "203.0.113.66";

/** Names and ids that pretend to be the rest of another event's line, about {@link accused}; a name ends at a slash. */
const lies = {
  account: `x",SessionID="1",y="SecurityEvent="ChallengeSent`,
  callId: `x",RemoteAddress="IPV4/UDP/${accused}/5060",y="SecurityEvent="ChallengeSent`,
};

/** Has a host write a line of everything that a host in a sandbox can be brought to write; `directory` is the carrier's. */
export async function provoke(pbx: Installation, directory: string): Promise<void> {
  await call(pbx, directory);
  await guess(pbx);
  await onHost(pbx, "systemctl", "start", "hardened-asterisk-heartbeat.service");
  await tell(pbx);
  await forge(pbx);
}

/** Calls inside and to the outside, and one to a number that nobody may dial. */
async function call(pbx: Installation, directory: string): Promise<void> {
  const { namespaces, addresses } = pbx.sandbox;
  const carrier = await startCarrier({
    namespace: namespaces.carrier,
    address: addresses.carrier.signalling,
    directory,
  });
  try {
    const [reception, sales] = await Promise.all([pbx.register("reception"), pbx.register("sales")]);
    await reception.call("102");
    await sales.waitEstablished(ring);
    await reception.hangup();
    await reception.call(outside);
    await reception.waitEstablished(ring);
    // A call of no whole second counts for none.
    await pause(2500);
    await reception.hangup();
    await outcomeOf(reception, "00442071838750");
  } finally {
    await carrier.stop();
  }
}

/** Wrong passwords of a true account, an account there is not, and one whose name lies; from the office, which is heard. */
async function guess(pbx: Installation): Promise<void> {
  const { namespaces, addresses } = pbx.sandbox;
  const cards = await pbx.stack.output<Record<string, { user: string }>>("credentials");
  const guesser = (place: number): Stranger => ({
    namespace: namespaces.office,
    address: addresses.office.at(-place) ?? "",
    target: addresses.pbx,
  });
  await registerGuess(guesser(2), cards["sales"]?.user ?? "", "1234");
  await registerGuess(guesser(3), "1000", "1234");
  await lie(guesser(4));
  // Beyond the listed networks, where a second failure is a ban.
  const ban = "fail2ban-client set hardened-asterisk-sip banip";
  await onHost(pbx, "sh", "-ec", `${ban} 192.0.2.201 && ${ban.replace("-sip", "-network")} 192.0.2`);
}

async function lie({ namespace, address, target }: Stranger): Promise<void> {
  const socket = await openUdp(namespace, address);
  const account = `<sip:${encodeURIComponent(lies.account)}@${target}>`;
  const register = { method: "REGISTER", uri: `sip:${target}`, from: account, to: account };
  const place = { host: target, port: 5060, patience: 1000 };
  try {
    await ask(socket, place, register);
    await ask(socket, place, { ...register, callId: lies.callId });
  } finally {
    await socket.close();
  }
}

/** What the agent on the host says when a delivery fails, and when one is done. */
async function tell(pbx: Installation): Promise<void> {
  const script = [
    "import sys",
    'sys.path.insert(0, "/usr/local/sbin/hardened-asterisk")',
    "from hardened_asterisk_host.aws import services",
    'services.alarm("delivery-failed", "generation 0: s3 does not answer")',
    'told = {"generation": "0" * 32, "state": "confirmed", "changed": ["/etc/asterisk/pjsip.conf"], "drift": [], "at": "2026-11-23T04:00:00Z"}',
    'services.note(5, {"receipt": told})',
  ].join("\n");
  await onHost(pbx, "python3", "-Ic", script);
}

/** Lines in other names, by the user Asterisk runs as. */
async function forge({ sandbox }: Installation): Promise<void> {
  const lines = [
    `logger -t hardened-asterisk '{"alarm": "forged"}'`,
    `logger -t hardened-asterisk '{"receipt": {"state": "confirmed", "note": "forged"}}'`,
    `logger -t sshd 'Accepted publickey for root from 192.0.2.9 port 1 ssh2: forged'`,
    `logger -t sudo 'forged : session opened for user root'`,
  ];
  const identity = ["setpriv", "--reuid=asterisk", "--regid=asterisk", "--clear-groups"];
  await execOn(sandbox, "pbx", [...identity, "sh", "-ec", lines.join("\n")]);
}
