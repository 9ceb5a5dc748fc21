import { connectionLimits } from "../../../core/profile/connection-limits";
import { Installation } from "../../../tools/operator/installation";
import { outcomeOf, ring } from "../office-calls";
import { ask, onHost } from "../scenario";
import { Bench, until } from "./bench";
import { startTool, useTool } from "./tool";

const name = "testwayin";
const minutes = 60_000;
const vans = 300;
const limits = connectionLimits({ listedPhones: 0, roamingPhones: vans });
let bench: Bench;

beforeAll(async () => {
  bench = await Bench.open(name, vans);
}, 6 * minutes);

afterAll(async () => {
  await bench.pbx.hangUp();
  await Installation.remove(name);
}, minutes);

const attacker = () => bench.pbx.sandbox.namespaces.attacker;
const pbx = () => bench.pbx.sandbox.addresses.pbx;
/** Addresses that nobody has. */
const nobody = Array.from({ length: 200 }, (_, index) => `198.18.3.${index + 20}`);

/** Sends forged packets to the TLS port for 12 s, 5,000 a second. */
function flood(flags: string, sources: readonly string[]): Promise<{ sent: number }> {
  const order = { sources, sourcePort: 0, target: pbx(), port: 5061, flags, rate: 5_000, seconds: 12 };
  return useTool(attacker(), "forge_tcp", order);
}

/** Registers phones over TLS at once and returns how many seconds each took that did within `seconds`, the slowest last. */
async function register(namespace: string, phones: readonly unknown[], seconds: number): Promise<number[]> {
  const order = { target: pbx(), port: 5061, source: "", phones, seconds, hold: 0 };
  const tool = await startTool<{ registered: Record<string, number> }>(namespace, "register", order);
  await tool.stop();
  return Object.values(tool.first.registered).sort((a, b) => a - b);
}

const account = (index: number) => [bench.cards[`van${index + 1}`]?.user, bench.cards[`van${index + 1}`]?.password];

/** How many of `count` phones, each from an address that has proved nothing, register within 10 s. */
async function newPhones(count: number): Promise<number> {
  const phones = bench.fresh(count).map((source, index) => [...account(index), source]);
  return (await register(attacker(), phones, 10)).length;
}

/** The same of phones behind one router. */
function behindRouter(count: number, seconds: number): Promise<number[]> {
  const { namespaces, addresses } = bench.pbx.sandbox;
  const phones = Array.from({ length: count }, (_, index) => [...account(index), addresses.nat.outside]);
  return register(namespaces.nat, phones, seconds);
}

const idle = (sources: readonly string[], each: number, more: object = {}) =>
  startTool<{ connected: number }>(attacker(), "idle", {
    ...{ target: pbx(), port: 5061, sources, each, greet: false, seconds: 90 },
    ...more,
  });

/** Connections to the TLS port that the kernel has made, from some addresses. */
async function standing(...sources: string[]): Promise<number> {
  const open = await onHost(bench.pbx, "ss", "-Htn", "state", "established", "( sport = :5061 )");
  return open.split("\n").filter((line) => sources.some((source) => line.includes(`${source}:`))).length;
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
    "%s: 15 of 15 new phones register during it",
    async (_what, flags, sources) => {
      const forged = flood(flags, sources);
      expect(await newPhones(15)).toBe(15);
      expect((await forged).sent).toBeGreaterThan(20_000);
    },
    minutes,
  );

  test(
    "SYN in the name of an address that has proved itself: the phones behind it come back during it",
    async () => {
      expect(await behindRouter(10, 20)).toHaveLength(10);
      await until(() => bench.holds("proven", bench.pbx.sandbox.addresses.nat.outside), "the proof");
      const forged = flood("S", [bench.pbx.sandbox.addresses.nat.outside]);
      expect(await behindRouter(20, 10)).toHaveLength(20);
      await forged;
    },
    minutes,
  );
});

describe("an address that completes its handshakes", () => {
  test(
    "gets five connections, and the sixth is none",
    async () => {
      const [source = ""] = bench.fresh(1);
      const before = await bench.counter("stranger");
      const opened: { stop: () => Promise<void> }[] = [];
      try {
        for (let number = 1; number <= 5; number += 1) {
          opened.push(await idle([source], 1, { greet: true }));
          await until(async () => (await bench.counter("stranger")) === before + number, `connection ${number}`);
        }
        const excess = await bench.counter("stranger_excess");
        opened.push(await idle([source], 1, { greet: true }));
        await until(async () => (await bench.counter("stranger_excess")) > excess, "a sixth");
        expect(await bench.counter("stranger")).toBe(before + 5);
        expect(await standing(source)).toBeLessThanOrEqual(5);
      } finally {
        await Promise.all(opened.map((tool) => tool.stop()));
      }
    },
    2 * minutes,
  );

  test(
    "5,000 connections of 500 addresses that stay silent: 40 phones behind a router register within 10 s, and two phones talk",
    async () => {
      const { addresses } = bench.pbx.sandbox;
      await onHost(bench.pbx, "nft", "flush", "set", "inet", "hardened_asterisk", "proven");
      const opened = await idle(addresses.attacker, 10);
      try {
        expect(opened.first.connected).toBeGreaterThan(500);
        expect(await behindRouter(40, 10)).toHaveLength(40);
        expect(await outcomeOf(bench.reception, "102")).toBe("put through");
        await bench.sales.waitClosed(ring);
      } finally {
        await opened.stop();
      }
    },
    2 * minutes,
  );

  test(
    "five addresses with one stolen password: they take what phones on the road have; a phone elsewhere registers, and two talk",
    async () => {
      const { addresses } = bench.pbx.sandbox;
      const thieves = addresses.attacker.slice(-5);
      for (const thief of thieves) {
        expect(await register(attacker(), [[...account(299), thief]], 30)).toHaveLength(1);
        await until(() => bench.holds("proven", thief), "the proof");
      }
      const before = { taken: await bench.counter("proven_new"), excess: await bench.counter("proven_excess") };
      const opened = await idle(thieves, 420, { greet: true });
      try {
        // Asterisk accepts them when it gets to it; their places are taken from the moment the firewall lets them in.
        const taken = async () => (await bench.counter("proven_new")) - before.taken;
        await until(async () => (await taken()) > limits.proven.all - 20, "their connections");
        await until(async () => (await bench.counter("proven_excess")) > before.excess, "one too many");
        expect(await standing(...thieves)).toBeLessThanOrEqual(limits.proven.all + limits.proven.reserve);
        // Those of a router have two by the reserve; all of its phones have theirs when there are fewer phones (unit test).
        expect((await behindRouter(40, 10)).length).toBeGreaterThanOrEqual(2);
        expect(await outcomeOf(bench.reception, "102")).toBe("put through");
        await bench.sales.waitClosed(ring);
      } finally {
        await opened.stop();
      }
    },
    3 * minutes,
  );
});

test(
  "after a restart, 300 of 300 phones behind one router register within 60 s",
  async () => {
    await onHost(bench.pbx, "systemctl", "restart", "asterisk");
    await ask(bench.pbx, "core waitfullybooted");
    const listening = await onHost(bench.pbx, "ss", "-Hltn", "( sport = :5060 or sport = :5061 )");
    // State, what waits, room: without room, those who come at once wait for TCP's own repetitions.
    expect(listening.match(/LISTEN +\d+ +1024 /g)).toHaveLength(2);
    expect(await behindRouter(300, 58)).toHaveLength(300);
  },
  2 * minutes,
);
