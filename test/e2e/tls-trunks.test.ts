import path from "node:path";
import type { PbxSpec } from "../../core/spec/spec";
import { inNamespace, tryRun } from "../../sandbox/command";
import { execOn } from "../../sandbox/sandbox";
import { Installation } from "../../tools/operator/installation";
import { clearly, outcomeOf, ring, talk } from "./office-calls";
import { Authority } from "./peers/authority";
import { startNameServer, type NameServer } from "./peers/name-server";
import { startPhone, type Phone } from "./peers/phone";
import { inviteAsStranger } from "./peers/stranger";
import { makeTlsRegistrar, onTwin, useCertificate } from "./peers/tls-registrar";
import { ask, onHost } from "./scenario";

const name = "testtlstrunks";
const minutes = 60_000;
const carrierName = "sip.carrier.example";
const ca = "/etc/ssl/certs/carrier-ca.pem";
/** Where our calls go; the carrier, a SIP phone by trade, answers for this one number. */
const outside = { dialled: "0312345670", e164: "+81312345670" };
const did = "+81312345678";

const carrierTrunk = { signalling: ["192.0.2.2/32"], numbers: { [did]: "reception" } };
const overUdp: PbxSpec = {
  country: "JP",
  admins: ["198.51.100.7/32"],
  phones: { reception: { number: "101", networks: ["198.51.100.0/24"], mayDial: ["internal", "national"] } },
  trunks: { carrier: carrierTrunk },
};
const overTls: PbxSpec = {
  ...overUdp,
  outbound: ["carrier"],
  trunks: {
    carrier: { ...carrierTrunk, transport: "tls", server: carrierName, ca },
    // The twin, an Asterisk set up by somebody else.
    account: {
      transport: "tls",
      ca,
      signalling: ["203.0.113.20/32"],
      register: { server: "203.0.113.20", user: "102" },
      numbers: { "+81312345679": "reception" },
    },
  },
};

let pbx: Installation;
let reception: Phone;
let carrier: Phone | undefined;
let nameServer: NameServer;
let authority: Authority;
let stranger: Authority;

const folder = (part: string) => path.join("/run", `hardened-asterisk-installation-${name}`, part);

/** A carrier over TLS and SRTP alone, with the given certificate; one that was there goes. */
async function openCarrier(certificateFile: string): Promise<Phone> {
  await carrier?.stop();
  const { signalling } = pbx.sandbox.addresses.carrier;
  carrier = await startPhone({
    namespace: pbx.sandbox.namespaces.carrier,
    address: signalling,
    user: outside.e164,
    password: "none",
    domain: signalling,
    transport: "tls",
    tone: 880,
    directory: folder("carrier"),
    autoAnswer: true,
    registers: false,
    certificateFile,
    caFile: folder("authority/ca.pem"),
  });
  return carrier;
}

async function waitFor(command: string, expected: RegExp): Promise<void> {
  const deadline = Date.now() + 45_000;
  for (let said = ""; ;) {
    said = await ask(pbx, command);
    if (expected.test(said)) return;
    if (Date.now() > deadline) throw new Error(`${command} says, after 45 s: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** INVITEs over UDP that bear the carrier's own address, as a forger's would, for the number in four spellings. */
async function forged(): Promise<(number | "no answer")[]> {
  const { carrier: addresses, pbx: target } = pbx.sandbox.addresses;
  const from = { namespace: pbx.sandbox.namespaces.carrier, address: addresses.signalling, target };
  const calls = await inviteAsStranger(from, [did, "81312345678", "0312345678", "101"], ["anonymous"]);
  return calls.map(({ status }) => status);
}

/** Whether a TCP connection from the carrier's address to a port of the PBX comes about within 2 s. */
async function connects(port: number): Promise<boolean> {
  const { carrier: addresses, pbx: target } = pbx.sandbox.addresses;
  const script = `import socket; socket.create_connection(("${target}", ${port}), 2, ("${addresses.signalling}", 0))`;
  return (await tryRun(inNamespace(pbx.sandbox.namespaces.carrier, ["python3", "-c", script]))).code === 0;
}

beforeAll(async () => {
  pbx = await Installation.open({ name, spec: overUdp, twin: true });
  [authority, stranger] = await Promise.all([
    Authority.make(folder("authority")),
    Authority.make(folder("other-authority")),
  ]);
  const { carrier: addresses } = pbx.sandbox.addresses;
  nameServer = await startNameServer(pbx.sandbox.namespaces.carrier, {
    listen: addresses.media,
    names: { [carrierName]: addresses.signalling },
  });
  await onHost(pbx, "sh", "-c", `rm -f /etc/resolv.conf; echo nameserver ${addresses.media} > /etc/resolv.conf`);
  await makeTlsRegistrar(pbx.sandbox, await authority.issue(`IP:${pbx.sandbox.addresses.twin}`));
  await pbx.stack.setTrunkPassword("account", "102");
  await pbx.stack.up();
  reception = await pbx.register("reception");
}, 5 * minutes);

afterAll(async () => {
  await carrier?.stop();
  await nameServer.stop();
  await pbx.hangUp();
  await Installation.remove(name);
}, minutes);

afterEach(async () => {
  if (reception.inCall) await reception.hangup();
});

test(
  "a forged call in the name of a carrier over UDP is answered",
  async () => {
    expect(await forged()).not.toContain("no answer");
  },
  minutes,
);

test(
  "a list of CAs that does not lie on the host is refused, and nothing changes",
  async () => {
    pbx.stack.setSpec(overTls);
    const { code, stdout, stderr } = await pbx.stack.try([...pbx.stack.upCommand]);
    expect([code === 0, `${stdout}${stderr}`]).toEqual([false, expect.stringContaining(ca)]);
    expect(await ask(pbx, "pjsip show transports")).not.toContain("transport-tls");
  },
  2 * minutes,
);

test(
  "over TLS, a forged call over UDP is not answered, and of the ports TLS alone is open to the carrier",
  async () => {
    const pem = await authority.certificate();
    await execOn(pbx.sandbox, "pbx", ["sh", "-c", `cat > ${ca}`], { input: pem });
    await pbx.stack.up();
    expect(await forged()).toEqual(["no answer", "no answer", "no answer", "no answer"]);
    expect([await connects(5060), await connects(5061)]).toEqual([false, true]);
  },
  2 * minutes,
);

test(
  "a call out and a call in, over TLS and SRTP, with audio both ways",
  async () => {
    await reception.stop();
    reception = await pbx.register("reception");
    const { pbx: host } = pbx.sandbox.addresses;
    const line = await openCarrier(await authority.issue(`DNS:${carrierName}`));
    for (const { share } of await talk(reception, outside.dialled, line)) expect(share).toBeGreaterThan(clearly);
    const inbound = `sip:${did}@${host}:5061;transport=tls`;
    for (const { share } of await talk(line, inbound, reception)) expect(share).toBeGreaterThan(clearly);
  },
  2 * minutes,
);

test.each([
  ["signed by somebody else", () => stranger.issue(`DNS:${carrierName}`)],
  ["for another name", () => authority.issue("DNS:sip.other.example")],
  ["for the address alone, when the name was asked for", () => authority.issue("IP:192.0.2.2")],
])(
  "a carrier with a certificate %s is told nothing of a call",
  async (_what, issue) => {
    const line = await openCarrier(await issue());
    expect(await outcomeOf(reception, outside.dialled)).not.toBe("put through");
    expect(line.inCall).toBe(false);
    expect(() => line.recording()).toThrow("no established call");
    await openCarrier(await authority.issue(`DNS:${carrierName}`));
    expect(await outcomeOf(reception, outside.dialled)).toBe("put through");
  },
  2 * minutes,
);

test(
  "a registrar is registered with over TLS, and its calls come over the registration",
  async () => {
    await waitFor("pjsip show registrations", /account\/sip:203\.0\.113\.20:5061\S*\s+account\s+Registered/);
    expect(await onTwin(pbx.sandbox, "asterisk -rx 'pjsip show contacts'")).toMatch(
      /102\/sip:102@203\.0\.113\.10:\d+;transport=TLS/i,
    );
    await onTwin(pbx.sandbox, "asterisk -rx 'channel originate PJSIP/102 application Echo'");
    await reception.waitEstablished(ring);
    await reception.hangup();
  },
  2 * minutes,
);

test(
  "a registrar with a certificate of somebody else's gets no registration",
  async () => {
    await useCertificate(pbx.sandbox, await stranger.issue(`IP:${pbx.sandbox.addresses.twin}`));
    await ask(pbx, "pjsip send register account");
    await waitFor("pjsip show registrations", /account\s+(Rejected|Unregistered|Stopped)/);
  },
  2 * minutes,
);

test(
  "the weak variant, without verification, gives the call to a carrier of anybody's",
  async () => {
    await openCarrier(await stranger.issue(`DNS:${carrierName}`));
    expect(await outcomeOf(reception, outside.dialled)).not.toBe("put through");
    await onHost(pbx, "sed", "-i", "s/^verify_server = yes/verify_server = no/", "/etc/asterisk/pjsip_transports.conf");
    await onHost(pbx, "systemctl", "restart", "asterisk.service");
    await onHost(pbx, "asterisk", "-rx", "core waitfullybooted");
    await reception.stop();
    reception = await pbx.register("reception");
    expect(await outcomeOf(reception, outside.dialled)).toBe("put through");
  },
  2 * minutes,
);
