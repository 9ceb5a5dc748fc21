import { Installation } from "../../../tools/operator/installation";
import { outcomeOf, ring } from "../office-calls";
import { onHost } from "../scenario";
import { Bench, table } from "./bench";
import { startTool, useTool } from "./tool";

const name = "testwayin";
const minutes = 60_000;
const vans = 40;
let bench: Bench;

beforeAll(async () => {
  bench = await Bench.open(name, vans);
}, 6 * minutes);

afterAll(async () => {
  await bench.pbx.hangUp();
  await Installation.remove(name);
}, minutes);

const attacker = () => bench.pbx.sandbox.namespaces.attacker;
const target = () => bench.pbx.sandbox.addresses.pbx;
/** Addresses that nobody has. */
const nobody = Array.from({ length: 200 }, (_, index) => `198.18.3.${index + 20}`);

interface Forged {
  readonly sent: number;
  readonly seconds: number;
}

const forge = (flags: string, sources: readonly string[], rate: number, more: object = {}) =>
  useTool<Forged>(attacker(), "forge_tcp", {
    ...{ sources, sourcePort: 0, target: target(), port: 5061, flags, rate, seconds: 8 },
    ...more,
  });

/** How many of some phones, each from an address that has proved nothing, register over TLS within 10 s. */
async function registered(count: number): Promise<number> {
  const phones = bench.fresh(count).map((source, index) => {
    const card = bench.cards[`van${index + 1}`];
    return [card?.user, card?.password, source];
  });
  const order = { target: target(), port: 5061, source: "", phones, seconds: 10, hold: 0 };
  const tool = await startTool<{ registered: object }>(attacker(), "register", order);
  await tool.stop();
  return Object.keys(tool.first.registered).length;
}

describe("forged TCP packets, 5,000 a second", () => {
  test.each([
    ["SYN from nobody", "S", nobody],
    ["ACK from nobody", "A", nobody],
    ["data from nobody", "PA", nobody],
    ["RST from nobody", "R", nobody],
    ["SYN in the name of a listed office", "S", ["198.51.100.20", "198.51.100.21"]],
    ["SYN in the carrier's name", "S", ["192.0.2.2"]],
  ])(
    "%s: 20 of 20 new phones register during and after it",
    async (_what, flags, sources) => {
      const flood = forge(flags, sources, 5_000, { seconds: 12 });
      expect(await registered(20)).toBe(20);
      expect((await flood).sent).toBeGreaterThan(30_000);
      expect(await registered(20)).toBe(20);
    },
    2 * minutes,
  );
});
