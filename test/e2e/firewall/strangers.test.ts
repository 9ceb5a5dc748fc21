import { Installation } from "../../../tools/operator/installation";
import { outcomeOf, ring } from "../office-calls";
import { ask, onHost } from "../scenario";
import { Bench, table, total, until } from "./bench";
import { startTool, useTool } from "./tool";

const name = "testfirewall";
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

describe("guesses over TLS, the only way in for strangers", () => {
  test.each([
    ["one after the other", false],
    ["without waiting for answers", true],
  ])(
    "60,000 in one connection, %s: at most 3 are answered, and the address is banned",
    async (_how, pipelined) => {
      const sources = bench.fresh(1);
      expect(total(await bench.guess({ sources, pipelined }))).toBeLessThanOrEqual(3);
      await until(() => bench.holds("banned4", sources[0] ?? ""), "the ban");
    },
    minutes,
  );

  test(
    "from 16 addresses at once, over as many connections as they get, two each: at most 40 are answered",
    async () => {
      const before = await bench.counter("stranger");
      const guesses = await bench.guess({ sources: bench.fresh(16), connections: 5, pipelined: true });
      expect(total(guesses)).toBeLessThanOrEqual(40);
      expect((await bench.counter("stranger")) - before).toBeLessThanOrEqual(32);
    },
    minutes,
  );

  test(
    "over as many connections as one address gets: at most 4",
    async () => {
      const guesses = await bench.guess({ sources: bench.fresh(1), connections: 40 });
      expect(guesses.opened).toBeLessThanOrEqual(2);
      expect(total(guesses)).toBeLessThanOrEqual(4);
    },
    minutes,
  );

  test(
    "without the pace of connections, 16 addresses get more of them",
    async () => {
      await onHost(bench.pbx, "nft", "insert", "rule", ...table, "stranger", "goto", "stranger_count");
      try {
        const before = await bench.counter("stranger");
        await bench.guess({ sources: bench.fresh(16), connections: 5, pipelined: true, seconds: 5 });
        expect((await bench.counter("stranger")) - before).toBeGreaterThan(32);
      } finally {
        await onHost(bench.pbx, "systemctl", "reload", "hardened-asterisk-firewall");
      }
    },
    minutes,
  );

  test(
    "without the budget of a connection, the same guesses are answered until fail2ban is awake",
    async () => {
      await onHost(bench.pbx, "nft", "insert", "rule", ...table, "budget", "accept");
      try {
        expect(total(await bench.guess({ sources: bench.fresh(1), pipelined: true }))).toBeGreaterThan(10);
      } finally {
        await onHost(bench.pbx, "systemctl", "reload", "hardened-asterisk-firewall");
      }
    },
    minutes,
  );

  test(
    "a ban cuts what the address had open before",
    async () => {
      const sources = bench.fresh(1);
      const idle = await startTool<{ connected: number }>(bench.pbx.sandbox.namespaces.attacker, "idle", {
        ...{ target: bench.pbx.sandbox.addresses.pbx, port: 5061, sources, each: 1, greet: false, seconds: 60 },
      });
      try {
        expect(idle.first.connected).toBe(1);
        const open = async () => (await onHost(bench.pbx, "ss", "-Htn", "dst", sources[0] ?? "")).trim();
        expect(await open()).toContain("ESTAB");
        await bench.guess({ sources });
        await until(async () => (await open()) === "", "the end of the open connection");
      } finally {
        await idle.stop();
      }
    },
    minutes,
  );
});

describe("40 phones behind one router that the spec does not list", () => {
  const office = () => ({
    ...{
      target: bench.pbx.sandbox.addresses.pbx,
      port: 5061,
      source: bench.pbx.sandbox.addresses.nat.outside,
      seconds: 50,
    },
    phones: Array.from({ length: vans }, (_, index) => bench.cards[`van${index + 1}`]).map((card) => [
      card?.user,
      card?.password,
    ]),
  });

  test(
    "register at once, and stay while a neighbour behind the same router guesses",
    async () => {
      const { nat } = bench.pbx.sandbox.namespaces;
      const phones = await startTool<{ registered: object }>(nat, "register", { ...office(), hold: 25 });
      try {
        expect(Object.keys(phones.first.registered)).toHaveLength(40);
        const neighbour = await bench.guess({ sources: [office().source], connections: 60, pipelined: true }, nat);
        expect(total(neighbour)).toBeGreaterThan(0);
        expect(total(neighbour)).toBeLessThanOrEqual(200);
        await until(() => bench.holds("banned4", office().source), "the failures being noticed");
        // Slowed down by its failures: 6 connections a minute, each with 2 or 3 guesses.
        expect(total(await bench.guess({ sources: [office().source], connections: 60 }, nat))).toBeLessThanOrEqual(30);
        expect(await phones.rest()).toEqual({ alive: 40 });
      } finally {
        await phones.stop();
      }
    },
    2 * minutes,
  );
});

describe("packets forged in the name of those who are trusted", () => {
  test.each([
    ["the phone", () => [bench.reception.options.address, 5060] as const],
    ["the trunk", () => [bench.pbx.sandbox.addresses.carrier.signalling, 5060] as const],
    ["the admin", () => [bench.pbx.sandbox.addresses.operator, 40_000] as const],
  ])(
    "60 wrong digests from %s: nobody is banned, and the phone still registers and calls",
    async (_who, victim) => {
      const [source, sourcePort] = victim();
      const order = {
        sources: [source],
        sourcePort,
        target: bench.pbx.sandbox.addresses.pbx,
        port: 5060,
        method: "REGISTER",
      };
      const { attacker } = bench.pbx.sandbox.namespaces;
      await useTool(attacker, "forge", { ...order, count: 60, rate: 200, credentials: true });
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      expect(await bench.holds("banned4", source)).toBe(false);
      expect(await outcomeOf(bench.reception, "102")).toBe("put through");
      await bench.sales.waitClosed(ring);
      expect(await ask(bench.pbx, "pjsip show contacts")).toMatch(/Contact: +reception-/);
    },
    minutes,
  );
});

describe("floods of 2,000 packets a second", () => {
  const forged = (count: number) =>
    Array.from({ length: count }, (_, i) => `100.65.${Math.floor(i / 250)}.${(i % 250) + 1}`);
  const floods = ["OPTIONS", "INVITE", "REGISTER"].flatMap((method) =>
    [1, 200].map((count) => [method, count] as const),
  );

  test.each(floods)(
    "%s from %i forged sources: a listed phone loses nothing",
    async (method, count) => {
      const { attacker, office } = bench.pbx.sandbox.namespaces;
      const order = {
        sources: forged(count),
        sourcePort: 0,
        target: bench.pbx.sandbox.addresses.pbx,
        port: 5060,
        method,
      };
      const source = bench.pbx.sandbox.addresses.office[10] ?? "";
      const [alive] = await Promise.all([
        useTool<{ asked: number; lost: number }>(office, "liveness", {
          source,
          target: bench.pbx.sandbox.addresses.pbx,
          port: 5060,
          seconds: 4,
        }),
        useTool(attacker, "forge", { ...order, count: 8_000, rate: 2_000 }),
      ]);
      expect(alive.asked).toBeGreaterThan(40);
      expect(alive.lost).toBeLessThanOrEqual(alive.asked / 100);
    },
    minutes,
  );
});

describe("connections that are held open", () => {
  test.each([
    ["1,005 silent ones from one address", 1, 1005, false],
    ["1,005 half handshakes from one address", 1, 1005, true],
    ["four half handshakes from each of 200 addresses", 200, 4, true],
  ])(
    "%s: a phone calls meanwhile",
    async (_what, sources, each, greet) => {
      const idle = await startTool<{ connected: number }>(bench.pbx.sandbox.namespaces.attacker, "idle", {
        ...{
          target: bench.pbx.sandbox.addresses.pbx,
          port: 5061,
          sources: bench.fresh(sources),
          each,
          greet,
          seconds: 60,
        },
      });
      try {
        // The kernel answers every handshake for the host; what stands there is another matter.
        expect(idle.first.connected).toBeGreaterThan(0);
        const open = await onHost(bench.pbx, "ss", "-Htn", "state", "established", "( sport = :5061 )");
        const strangers = open.split("\n").filter((line) => / 198\.18\./.test(line)).length;
        expect(strangers).toBeLessThanOrEqual(sources === 1 ? 5 : 80);
        expect(await outcomeOf(bench.reception, "102")).toBe("put through");
        await bench.sales.waitClosed(ring);
      } finally {
        await idle.stop();
      }
    },
    minutes,
  );
});
