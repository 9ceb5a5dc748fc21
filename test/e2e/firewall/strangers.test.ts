import type { PhoneCard } from "../../../components/asterisk-host-args";
import type { PbxSpec } from "../../../core/spec/spec";
import { inNamespace, tryRun } from "../../../sandbox/command";
import { execOn } from "../../../sandbox/sandbox";
import { Installation } from "../../../tools/operator/installation";
import { outcomeOf, ring } from "../office-calls";
import type { Phone } from "../peers/phone";
import { ask, onHost } from "../scenario";
import { startTool, useTool } from "./tool";

const name = "testfirewall";
const minutes = 60_000;
const table = ["inet", "hardened_asterisk"];
const crew = Array.from({ length: 40 }, (_, index) => `van${index + 1}`);
const spec: PbxSpec = {
  country: "JP",
  admins: ["198.51.100.7/32", "2001:db8:51::/64"],
  phones: {
    reception: { number: "101", networks: ["198.51.100.0/24"] },
    sales: { number: "102", networks: ["198.51.100.0/24"] },
    ...Object.fromEntries(crew.map((phone, index) => [phone, { number: String(200 + index), roaming: true }])),
  },
  trunks: {
    carrier: { signalling: ["192.0.2.0/28"], media: ["192.0.2.128/25"], server: "192.0.2.2" },
  },
};

interface Guesses {
  readonly answered: Readonly<Record<string, number>>;
  readonly opened: number;
}

let pbx: Installation;
let reception: Phone;
let cards: Record<string, PhoneCard>;
let used = 0;

/** Addresses of the attacker that the PBX has not seen yet. */
function fresh(count: number): string[] {
  used += count;
  return pbx.sandbox.addresses.attacker.slice(used - count, used);
}

const target = () => pbx.sandbox.addresses.pbx;
const total = ({ answered }: Guesses) => Object.values(answered).reduce((sum, one) => sum + one, 0);

/** Guesses the password of a true name over TLS and returns what was answered. */
function guess(order: { sources: readonly string[]; pipelined?: boolean; connections?: number }, from?: string) {
  const user = cards["van1"]?.user ?? "";
  const whole = { over: "tls", target: target(), port: 5061, tries: 60_000, user, seconds: 12, ...order };
  return useTool<Guesses>(from ?? pbx.sandbox.namespaces.attacker, "guess", whole);
}

const nft = (...argv: string[]) => onHost(pbx, "nft", ...argv);
const holds = async (set: string, element: string) =>
  (await execOn(pbx.sandbox, "pbx", ["nft", "get", "element", ...table, set, "{", element, "}"])).code === 0;

async function counter(of: string): Promise<number> {
  const text = await nft("list", "counter", ...table, of);
  return Number(/packets (\d+)/.exec(text)?.[1]);
}

/** Asks until it holds; raises after a time. */
async function until(condition: () => Promise<boolean>, what: string, ms = 30_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within ${ms / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

beforeAll(async () => {
  pbx = await Installation.open({ name, spec });
  await pbx.stack.up();
  cards = await pbx.stack.output("credentials");
  reception = await pbx.register("reception");
  await pbx.register("sales");
}, 6 * minutes);

afterAll(async () => {
  await pbx.hangUp();
  await Installation.remove(name);
}, minutes);

describe("guesses over TLS, the only way in for strangers", () => {
  test.each([
    ["one after the other", false],
    ["without waiting for answers", true],
  ])(
    "60,000 in one connection, %s: at most 3 are answered, and the address is banned",
    async (_how, pipelined) => {
      const sources = fresh(1);
      expect(total(await guess({ sources, pipelined }))).toBeLessThanOrEqual(3);
      await until(() => holds("banned4", sources[0] ?? ""), "the ban");
    },
    minutes,
  );

  test(
    "from 16 addresses at once: at most 40 are answered",
    async () => {
      expect(total(await guess({ sources: fresh(16), pipelined: true }))).toBeLessThanOrEqual(40);
    },
    minutes,
  );

  test(
    "over as many connections as one address gets: ten of them",
    async () => {
      const guesses = await guess({ sources: fresh(1), connections: 40 });
      expect(guesses.opened).toBeLessThanOrEqual(10);
      expect(total(guesses)).toBeLessThanOrEqual(30);
    },
    minutes,
  );

  test(
    "without the budget of a connection, the same guesses are answered until fail2ban is awake",
    async () => {
      await nft("insert", "rule", ...table, "budget", "accept");
      try {
        expect(total(await guess({ sources: fresh(1), pipelined: true }))).toBeGreaterThan(10);
      } finally {
        await onHost(pbx, "systemctl", "reload", "hardened-asterisk-firewall");
      }
    },
    minutes,
  );

  test(
    "a ban cuts what the address had open before",
    async () => {
      const sources = fresh(1);
      const idle = await startTool<{ connected: number }>(pbx.sandbox.namespaces.attacker, "idle", {
        ...{ target: target(), port: 5061, sources, each: 1, greet: false, seconds: 60 },
      });
      try {
        expect(idle.first.connected).toBe(1);
        const open = async () => (await onHost(pbx, "ss", "-Htn", "dst", sources[0] ?? "")).trim();
        expect(await open()).toContain("ESTAB");
        await guess({ sources });
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
    ...{ target: target(), port: 5061, source: pbx.sandbox.addresses.nat.outside, seconds: 25 },
    phones: crew.map((phone) => [cards[phone]?.user, cards[phone]?.password]),
  });

  test(
    "register at once, and stay while a neighbour behind the same router guesses",
    async () => {
      const { nat } = pbx.sandbox.namespaces;
      const phones = await startTool<{ registered: object }>(nat, "register", { ...office(), hold: 25 });
      try {
        expect(Object.keys(phones.first.registered)).toHaveLength(40);
        const neighbour = await guess({ sources: [office().source], connections: 60, pipelined: true }, nat);
        expect(total(neighbour)).toBeGreaterThan(0);
        expect(total(neighbour)).toBeLessThanOrEqual(200);
        await until(() => holds("banned4", office().source), "the failures being noticed");
        // Slowed down by its failures: 6 connections a minute, each with 2 or 3 guesses.
        expect(total(await guess({ sources: [office().source], connections: 60 }, nat))).toBeLessThanOrEqual(30);
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
    ["the phone", () => [reception.options.address, 5060] as const],
    ["the trunk", () => [pbx.sandbox.addresses.carrier.signalling, 5060] as const],
    ["the admin", () => [pbx.sandbox.addresses.operator, 40_000] as const],
  ])(
    "60 wrong digests from %s: nobody is banned, and the phone still registers and calls",
    async (_who, victim) => {
      const [source, sourcePort] = victim();
      const order = { sources: [source], sourcePort, target: target(), port: 5060, method: "REGISTER" };
      const { attacker } = pbx.sandbox.namespaces;
      await useTool(attacker, "forge", { ...order, count: 60, rate: 200, credentials: true });
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      expect(await holds("banned4", source)).toBe(false);
      expect(await outcomeOf(reception, "102")).toBe("put through");
      await pbx.phones.get("sales")?.waitClosed(ring);
      expect(await ask(pbx, "pjsip show contacts")).toMatch(/Contact: +reception-/);
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
      const { attacker, office } = pbx.sandbox.namespaces;
      const order = { sources: forged(count), sourcePort: 0, target: target(), port: 5060, method };
      const source = pbx.sandbox.addresses.office[10] ?? "";
      const [alive] = await Promise.all([
        useTool<{ asked: number; lost: number }>(office, "liveness", {
          source,
          target: target(),
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
      const idle = await startTool<{ connected: number }>(pbx.sandbox.namespaces.attacker, "idle", {
        ...{ target: target(), port: 5061, sources: fresh(sources), each, greet, seconds: 60 },
      });
      try {
        expect(idle.first.connected).toBeGreaterThan(0);
        expect(idle.first.connected).toBeLessThanOrEqual(sources === 1 ? 10 : 80);
        expect(await outcomeOf(reception, "102")).toBe("put through");
        await pbx.phones.get("sales")?.waitClosed(ring);
      } finally {
        await idle.stop();
      }
    },
    minutes,
  );
});

describe("what breaks on the host mends itself", () => {
  let banned: string;
  const whole = async () =>
    (await execOn(pbx.sandbox, "pbx", ["nft", "list", "chain", ...table, "input"])).stdout.includes("goto refused");

  beforeAll(async () => {
    banned = fresh(1)[0] ?? "";
    await guess({ sources: [banned] });
    await until(() => holds("banned4", banned), "a ban to lose");
  }, minutes);

  test.each([
    ["every table is flushed", ["nft", "flush", "ruleset"]],
    ["the table is deleted", ["nft", "delete", "table", ...table]],
    ["its rules are flushed", ["nft", "flush", "table", ...table]],
    ["nftables.service restarts", ["systemctl", "restart", "nftables.service"]],
    ["the guard is killed", ["systemctl", "kill", "--signal=KILL", "hardened-asterisk-guard.service"]],
    ["fail2ban is killed", ["systemctl", "kill", "--signal=KILL", "fail2ban.service"]],
    [
      "fail2ban's database is damaged",
      [
        "sh",
        "-c",
        "systemctl stop fail2ban; echo garbage > /var/lib/fail2ban/fail2ban.sqlite3; systemctl start fail2ban",
      ],
    ],
  ])(
    "%s: rules and bans are back, a new failure is banned",
    async (_what, argv) => {
      await onHost(pbx, ...argv);
      await until(whole, "the rules");
      await until(() => holds("banned4", banned), "the ban");
      await until(() => holds("closed_users", "asterisk"), "the closed user");
      const units = ["hardened-asterisk-guard.service", "fail2ban.service", "asterisk.service"];
      const active = async () => (await execOn(pbx.sandbox, "pbx", ["systemctl", "is-active", ...units])).code === 0;
      await until(active, "the services");
      await until(async () => (await execOn(pbx.sandbox, "pbx", ["fail2ban-client", "ping"])).code === 0, "fail2ban");
      expect(await onHost(pbx, "hardened-asterisk", "prove-bans")).toContain("the next packet was dropped");
    },
    2 * minutes,
  );

  test("Asterisk was not restarted by any of that: the phone is still registered", async () => {
    expect(await ask(pbx, "pjsip show contacts")).toMatch(/Contact: +reception-/);
  });
});

describe("what the host itself may send", () => {
  const connecting = (address: string, port: number) =>
    `import socket; socket.create_connection(("${address}", ${port}), 3)`;

  test(
    "Asterisk's user reaches nothing new, not even what root may",
    async () => {
      const { repository, operator } = pbx.sandbox.addresses;
      const asAsterisk = ["setpriv", "--reuid=asterisk", "--clear-groups", "--"];
      const before = await counter("closed_users_out");
      for (const [address, port] of [
        [repository, 80],
        [operator, 22],
      ] as const) {
        const tried = await execOn(pbx.sandbox, "pbx", [...asAsterisk, "python3", "-c", connecting(address, port)]);
        expect(tried.stderr).toMatch(/No route to host|Permission denied|timed out/);
      }
      expect(await counter("closed_users_out")).toBeGreaterThan(before);
      expect((await execOn(pbx.sandbox, "pbx", ["python3", "-c", connecting(repository, 80)])).code).toBe(0);
      expect((await execOn(pbx.sandbox, "pbx", ["python3", "-c", connecting(operator, 22)])).stderr).toMatch(
        /No route to host/,
      );
    },
    minutes,
  );
});

describe("on the console", () => {
  test(
    "bans shows who is banned, unban lets in again, each in fail2ban and in the firewall",
    async () => {
      const [source = ""] = fresh(1);
      await guess({ sources: [source] });
      await until(() => holds("banned4", source), "the ban");
      expect(await onHost(pbx, "hardened-asterisk", "bans")).toMatch(
        new RegExp(`^${source.replaceAll(".", "\\.")} +SIP`, "m"),
      );
      expect(await onHost(pbx, "hardened-asterisk", "status")).not.toContain("FAIL");
      await onHost(pbx, "hardened-asterisk", "unban", source);
      expect(await holds("banned4", source)).toBe(false);
      expect(await onHost(pbx, "fail2ban-client", "status", "hardened-asterisk-sip")).not.toMatch(`${source} `);
    },
    minutes,
  );
});

describe("IPv6", () => {
  const script = (port: number) =>
    `import socket; socket.create_connection(("${pbx.sandbox.addresses.ipv6.pbx}", ${port}), 2)`;
  const from = (role: "operator" | "attacker", port: number) =>
    tryRun(inNamespace(pbx.sandbox.namespaces[role], ["python3", "-c", script(port)]));

  test(
    "SSH is open to an admin, nothing to a stranger, and a ban is of the stranger's /64",
    async () => {
      expect((await from("operator", 22)).code).toBe(0);
      for (const port of [22, 5060, 5061]) expect((await from("attacker", port)).stderr).toContain("timed out");
      await onHost(pbx, "fail2ban-client", "set", "hardened-asterisk-ssh", "banip", "2001:db8:18::99");
      await until(() => holds("banned_nets6", "2001:db8:18::2"), "the ban");
      const before = await counter("banned");
      expect((await from("attacker", 22)).code).not.toBe(0);
      expect(await counter("banned")).toBeGreaterThan(before);
    },
    minutes,
  );
});
