import type { PbxSpec } from "../../../core/spec/spec";
import { Installation } from "../../../tools/operator/installation";
import { ring } from "../office-calls";
import type { Phone } from "../peers/phone";
import { onHost } from "../scenario";
import { packets, table } from "./bench";
import { useTool } from "./tool";

const name = "testfullsets";
const minutes = 60_000;

/** A phone's network of 65,536 addresses, from which everybody can forge. */
const spec: PbxSpec = {
  country: "JP",
  admins: ["198.51.100.7/32"],
  phones: {
    reception: { number: "101", networks: ["198.51.100.0/24"] },
    sales: { number: "102", networks: ["198.51.100.0/24"] },
    branch: { number: "103", networks: ["100.72.0.0/16"] },
    other: { number: "104", networks: ["100.73.0.0/16"] },
  },
  trunks: { carrier: { signalling: ["192.0.2.0/28"], media: ["192.0.2.128/25"], server: "192.0.2.2" } },
};

let pbx: Installation;
let reception: Phone;
let sales: Phone;

beforeAll(async () => {
  pbx = await Installation.open({ name, spec });
  await pbx.stack.up();
  reception = await pbx.register("reception");
  sales = await pbx.register("sales");
}, 5 * minutes);

afterAll(async () => {
  await pbx.hangUp();
  await Installation.remove(name);
}, minutes);

/** Asks for OPTIONS from one address, 20 times a second. */
function liveness(namespace: string, source: string): Promise<{ asked: number; lost: number }> {
  return useTool(namespace, "liveness", { source, target: pbx.sandbox.addresses.pbx, port: 5060, seconds: 4 });
}

/** Elements of a set of the firewall. */
async function elements(set: string): Promise<unknown[]> {
  const listed = JSON.parse(await onHost(pbx, "nft", "--json", "list", "set", ...table, set)) as {
    nftables: { set?: { elem?: unknown[] } }[];
  };
  return listed.nftables.flatMap((one) => one.set?.elem ?? []);
}

test(
  "131,072 packets forged from two networks of 65,536 fill the phones' set: the carrier loses nothing, nor does a phone that was quiet",
  async () => {
    const { namespaces, addresses } = pbx.sandbox;
    const networks = ["100.72", "100.73"];
    const sources = networks.flatMap((network) =>
      Array.from({ length: 65_536 }, (_, index) => `${network}.${index >> 8}.${index & 255}`),
    );
    const order = { sourcePort: 0, target: addresses.pbx, port: 5060, method: "OPTIONS", inTurn: true };
    await useTool(namespaces.attacker, "forge", { ...order, sources, count: sources.length, rate: 6_000 });
    expect((await elements("phone_request_pace")).length).toBeGreaterThan(60_000);
    expect(await elements("carrier_request_pace")).toEqual([]);
    const carrier = await liveness(namespaces.carrier, addresses.carrier.signalling);
    expect(carrier.asked).toBeGreaterThan(40);
    expect(carrier.lost).toBe(0);
    const quiet = await liveness(namespaces.office, addresses.office[30] ?? "");
    expect(quiet.lost).toBeLessThanOrEqual(quiet.asked / 50);
  },
  2 * minutes,
);

test(
  "audio forged with a phone's exact address and port, 2,000 packets a second: no more goes on than a codec sends",
  async () => {
    const { namespaces, addresses } = pbx.sandbox;
    await reception.call("102");
    await sales.waitEstablished(ring);
    const flows = (await elements("audio_pace")) as { elem: { val: { concat: [string, number, number] } } }[];
    const [source, sourcePort, port] = flows[0]?.elem.val.concat ?? ["", 0, 0];
    expect(addresses.office).toContain(source);
    const before = await counters();
    const order = { sources: [source], sourcePort, target: addresses.pbx, port, method: "RTP", rate: 2_000 };
    await useTool(namespaces.attacker, "forge", { ...order, count: 8_000 });
    const after = await counters();
    // Four seconds of two streams of the call, at most 150 a second each, and what may come at once.
    expect(after.audio - before.audio).toBeLessThanOrEqual(2_000);
    expect(after.excess - before.excess).toBeGreaterThan(6_000);
    await reception.hangup();
  },
  minutes,
);

test(
  "each address has the whole pace that the rules name: 140 packets of audio a second, and 2,000 requests",
  async () => {
    const { namespaces, addresses } = pbx.sandbox;
    const quiet = addresses.office[31] ?? "";
    const { signalling } = addresses.carrier;
    const order = { target: addresses.pbx, inTurn: true };
    const [audio, requests] = [await counters(), await packets(pbx, "trusted_excess")];
    const stream = { sources: [quiet], sourcePort: 4_000, port: 10_000, method: "RTP", rate: 140, count: 700 };
    await useTool(namespaces.attacker, "forge", { ...order, ...stream });
    const asked = {
      sources: [signalling],
      sourcePort: 5_060,
      port: 5_060,
      method: "OPTIONS",
      rate: 2_000,
      count: 8_000,
    };
    await useTool(namespaces.attacker, "forge", { ...order, ...asked });
    expect((await counters()).audio - audio.audio).toBeGreaterThanOrEqual(700);
    expect((await counters()).excess).toBe(audio.excess);
    expect(await packets(pbx, "trusted_excess")).toBe(requests);
  },
  minutes,
);

async function counters(): Promise<{ audio: number; excess: number }> {
  return { audio: await packets(pbx, "audio"), excess: await packets(pbx, "audio_excess") };
}
