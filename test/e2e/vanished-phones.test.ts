import path from "node:path";
import type { PhoneCard } from "../../components/asterisk-host-args";
import { inNamespace, run } from "../../sandbox/command";
import type { PbxSpec } from "../../core/spec/spec";
import { Installation } from "../../tools/operator/installation";
import { ring } from "./office-calls";
import { placeCall, startCarrier, type Carrier } from "./peers/carrier";
import type { CallOutcome } from "./peers/carrier-log";
import { waitUntil } from "./peers/peer-process";
import type { Phone } from "./peers/phone";
import { UserAgent, type Exchange } from "./peers/user-agent";

const name = "testvanished";
const minutes = 60_000;
const offices = ["198.51.100.0/24"];
const spec: PbxSpec = {
  country: "JP",
  admins: ["198.51.100.7/32"],
  phones: {
    reception: { number: "101", networks: offices, mayDial: ["internal", "national"] },
    sales: { number: "102", networks: offices, mayDial: ["internal", "national"] },
    warehouse: { number: "103", networks: offices },
    lobby: { number: "104", networks: offices },
  },
  trunks: { carrier: { signalling: ["192.0.2.2/32"], numbers: { "+81312345678": "sales" } } },
  limits: { calls: 2, callMinutes: 60 },
};

/** Seconds in which a call must end after its phone is gone. */
const bound = 120;

let pbx: Installation;
let carrier: Carrier | undefined;

const carrierAt = (folder: string) => ({
  namespace: pbx.sandbox.namespaces.carrier,
  address: pbx.sandbox.addresses.carrier.signalling,
  directory: path.join("/run", `hardened-asterisk-installation-${name}`, folder),
});

/** Takes an address away, so that nothing answers for the phone that had it, no ICMP either. */
async function removeAddress(namespace: string, address: string): Promise<void> {
  const links = await run(inNamespace(namespace, ["ip", "-br", "-4", "addr"]));
  const device = links
    .split("\n")
    .find((line) => line.includes(`${address}/`))
    ?.split(/[\s@]/)[0];
  await run(inNamespace(namespace, ["ip", "addr", "del", `${address}/24`, "dev", device ?? ""]));
}

/** A phone that knows no session timers and sends no audio. */
async function openSilentPhone(of: string): Promise<UserAgent> {
  const cards = await pbx.stack.output<Record<string, PhoneCard>>("credentials");
  const { user = "", password = "" } = cards[of] ?? {};
  const { namespaces, addresses } = pbx.sandbox;
  const account = { namespace: namespaces.office, address: addresses.office.at(-1) ?? "", target: addresses.pbx };
  const agent = await UserAgent.open({ ...account, user, password, number: spec.phones[of]?.number ?? "" });
  expect((await agent.register()).status).toBe(200);
  return agent;
}

/** Puts a call of its own on hold. */
async function hold(agent: UserAgent, { request, response }: Exchange): Promise<void> {
  const { from, callId, sequence } = request;
  const to = response?.headers.get("to")?.[0] ?? request.to;
  const body = agent.sdp.replace("sendrecv", "sendonly");
  const headers = { Contact: agent.contact, "Content-Type": "application/sdp" };
  const { status } = await agent.request("INVITE", request.uri, {
    from,
    to,
    callId,
    sequence: sequence + 10,
    headers,
    body,
  });
  expect(status).toBe(200);
}

beforeAll(async () => {
  pbx = await Installation.open({ name, spec });
  await pbx.stack.up();
  carrier = await startCarrier(carrierAt("carrier"));
  await Promise.all(["sales", "warehouse", "lobby"].map((phone) => pbx.register(phone)));
}, 5 * minutes);

afterAll(async () => {
  await carrier?.stop();
  await pbx.hangUp();
  await Installation.remove(name);
}, minutes);

const phone = (of: string): Phone => {
  const found = pbx.phones.get(of);
  if (found === undefined) throw new Error(`${of} is not started`);
  return found;
};

test(
  "a phone that vanishes on hold ends its call with the carrier within 120 s, whoever called; a call on hold whose phones live goes on",
  async () => {
    const [sales, warehouse, lobby] = [phone("sales"), phone("warehouse"), phone("lobby")];
    const reception = await openSilentPhone("reception");
    const inbound = placeCall({
      ...carrierAt("inbound"),
      ...{ target: pbx.sandbox.addresses.pbx, number: "+81312345678", seconds: bound + 20 },
    });
    await warehouse.call("104");
    const call = await reception.call("0312345670");
    await Promise.all([sales, warehouse, lobby].map((one) => one.waitEstablished(ring)));
    await Promise.all([hold(reception, call), sales.command("hold"), warehouse.command("hold")]);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const gone = Date.now();
    process.kill(Number(sales.baresip.pid), "SIGKILL");
    const { address, namespace } = reception.account;
    await reception.close();
    await removeAddress(namespace, address);
    await removeAddress(sales.options.namespace, sales.options.address);
    const ended = async () => (await carrier?.invites())?.[0]?.seconds !== undefined;
    let outbound = false;
    const poll = setInterval(() => void ended().then((is) => (outbound ||= is)), 500);
    await waitUntil(
      () => outbound,
      bound * 1000,
      () => "the carrier got no BYE",
    ).finally(() => {
      clearInterval(poll);
    });
    const took = { outbound: (Date.now() - gone) / 1000 };
    const outcome: CallOutcome = await inbound;
    process.stderr.write(`ended: outbound ${took.outbound} s, inbound ${outcome.seconds ?? "never"} s after\n`);
    expect(outcome).toMatchObject({ status: 200, endedBy: "pbx" });
    expect(outcome.seconds).toBeLessThan(bound);
    expect([warehouse.inCall, lobby.inCall]).toEqual([true, true]);
  },
  4 * minutes,
);
