import { inNamespace, tryRun } from "../../../sandbox/command";
import { Installation } from "../../../tools/operator/installation";
import { ask, onHost } from "../scenario";
import { Bench, table, until } from "./bench";
import { listCases } from "./lists";

const name = "testfirewallmend";
const minutes = 60_000;
let bench: Bench;

beforeAll(async () => {
  bench = await Bench.open(name, 1);
}, 6 * minutes);

afterAll(async () => {
  await bench.pbx.hangUp();
  await Installation.remove(name);
}, minutes);

describe("what breaks on the host mends itself", () => {
  let banned: string;
  const whole = async () =>
    (await bench.try(...["nft", "list", "chain", ...table, "input"])).stdout.includes("goto refused");

  beforeAll(async () => {
    banned = bench.fresh(1)[0] ?? "";
    await bench.guess({ sources: [banned] });
    await until(() => bench.holds("banned4", banned), "a ban to lose");
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
      await onHost(bench.pbx, ...argv);
      await until(whole, "the rules");
      await until(() => bench.holds("banned4", banned), "the ban");
      await until(() => bench.holds("closed_users", "asterisk"), "the closed user");
      const units = ["hardened-asterisk-guard.service", "fail2ban.service", "asterisk.service"];
      const active = async () => (await bench.try(...["systemctl", "is-active", ...units])).code === 0;
      await until(active, "the services");
      await until(async () => (await bench.try(...["fail2ban-client", "ping"])).code === 0, "fail2ban");
      expect(await onHost(bench.pbx, "hardened-asterisk", "prove-bans")).toContain("the next packet was dropped");
    },
    2 * minutes,
  );

  test("Asterisk was not restarted by any of that: the phone is still registered", async () => {
    expect(await ask(bench.pbx, "pjsip show contacts")).toMatch(/Contact: +reception-/);
  });
});

describe("what the host itself may send", () => {
  const connecting = (address: string, port: number) =>
    `import socket; socket.create_connection(("${address}", ${port}), 3)`;

  test(
    "Asterisk's user reaches nothing new, not even what root may",
    async () => {
      const { repository, operator } = bench.pbx.sandbox.addresses;
      const asAsterisk = ["setpriv", "--reuid=asterisk", "--clear-groups", "--"];
      const before = await bench.counter("closed_users_out");
      for (const [address, port] of [
        [repository, 80],
        [operator, 22],
      ] as const) {
        const tried = await bench.try(...[...asAsterisk, "python3", "-c", connecting(address, port)]);
        expect(tried.stderr).toMatch(/No route to host|Permission denied|timed out/);
      }
      expect(await bench.counter("closed_users_out")).toBeGreaterThan(before);
      expect((await bench.try(...["python3", "-c", connecting(repository, 80)])).code).toBe(0);
      expect((await bench.try(...["python3", "-c", connecting(operator, 22)])).stderr).toMatch(/No route to host/);
    },
    minutes,
  );

  test.each(["asterisk", "nobody"])(
    "%s begins nothing from the port at which SIP is answered",
    async (user) => {
      // Asterisk listens over IPv4: over IPv6 the port is anybody's.
      const { ipv6 } = bench.pbx.sandbox.addresses;
      const asUser = ["setpriv", `--reuid=${user}`, "--clear-groups", "--"];
      const script = connecting(ipv6.operator, 9).replace(", 3)", `, 3, ("${ipv6.pbx}", 5061))`);
      const tried = await bench.try(...[...asUser, "python3", "-c", script]);
      expect(tried.stderr).toMatch(/No route to host|Permission denied/);
    },
    minutes,
  );
});

describe("on the console", () => {
  test(
    "bans shows who is banned, unban lets in again, each in fail2ban and in the firewall",
    async () => {
      const [source = ""] = bench.fresh(1);
      await bench.guess({ sources: [source] });
      await until(() => bench.holds("banned4", source), "the ban");
      expect(await onHost(bench.pbx, "hardened-asterisk", "bans")).toMatch(
        new RegExp(`^${source.replaceAll(".", "\\.")} +SIP`, "m"),
      );
      expect(await onHost(bench.pbx, "hardened-asterisk", "status")).not.toContain("FAIL");
      await onHost(bench.pbx, "hardened-asterisk", "unban", source);
      expect(await bench.holds("banned4", source)).toBe(false);
      expect(await onHost(bench.pbx, "fail2ban-client", "status", "hardened-asterisk-sip")).not.toMatch(`${source} `);
    },
    minutes,
  );
});

describe("IPv6", () => {
  const script = (port: number) =>
    `import socket; socket.create_connection(("${bench.pbx.sandbox.addresses.ipv6.pbx}", ${port}), 2)`;
  const from = (role: "operator" | "attacker", port: number) =>
    tryRun(inNamespace(bench.pbx.sandbox.namespaces[role], ["python3", "-c", script(port)]));

  test(
    "SSH is open to an admin, nothing to a stranger, and a ban is of the stranger's /64",
    async () => {
      expect((await from("operator", 22)).code).toBe(0);
      for (const port of [22, 5060, 5061]) expect((await from("attacker", port)).stderr).toContain("timed out");
      await onHost(bench.pbx, "fail2ban-client", "set", "hardened-asterisk-ssh", "banip", "2001:db8:18::99");
      await until(() => bench.holds("banned_nets6", "2001:db8:18::2"), "the ban");
      const before = await bench.counter("banned");
      expect((await from("attacker", 22)).code).not.toBe(0);
      expect(await bench.counter("banned")).toBeGreaterThan(before);
    },
    minutes,
  );
});

describe("lists of addresses", () => {
  listCases(() => bench);
});
