import { Installation } from "../../../tools/operator/installation";
import { onHost } from "../scenario";
import { holds, officeWithVans, table, until } from "./bench";
import { bansLost, harms } from "./kept-bans";

const name = "testkeptbans";
const minutes = 60_000;
const rounds = { SIGKILL: 10, "power cut": 3, reboot: 2 } as const;
let pbx: Installation;
let round = 0;

beforeAll(async () => {
  pbx = await Installation.open({ name, spec: officeWithVans(1) });
  await pbx.stack.up();
}, 6 * minutes);

afterAll(async () => {
  await Installation.remove(name);
}, minutes);

test.each(harms)(
  "bans and proofs outlive each %s",
  async (how) => {
    for (let time = 0; time < rounds[how]; time++)
      expect([time, await bansLost(pbx, how, ++round)]).toEqual([time, []]);
  },
  10 * minutes,
);

test(
  "a restart of fail2ban keeps its database, which knows how often somebody was banned",
  async () => {
    const database = "/var/lib/fail2ban/fail2ban.sqlite3";
    const counted = `python3 -c 'import sqlite3; print(sqlite3.connect("${database}").execute("select count(*) from bips").fetchone()[0])'`;
    const before = Number(await onHost(pbx, "sh", "-c", counted));
    expect(before).toBeGreaterThan(10);
    await onHost(pbx, "systemctl", "restart", "fail2ban.service");
    expect(Number(await onHost(pbx, "sh", "-c", counted))).toBe(before);
    await onHost(pbx, "test", "!", "-e", `${database}.damaged`);
  },
  minutes,
);

test(
  "with a damaged database every ban is still there and shown, and one taken back stays away from a new table",
  async () => {
    const address = "10.0.1.1";
    const damage =
      "systemctl stop fail2ban; echo garbage > /var/lib/fail2ban/fail2ban.sqlite3; systemctl start fail2ban";
    await onHost(pbx, "sh", "-c", damage);
    expect(await onHost(pbx, "hardened-asterisk", "bans")).toMatch(/^10\.0\.1\.1 +-/m);
    await onHost(pbx, "hardened-asterisk", "unban", address);
    await onHost(pbx, "nft", "delete", "table", ...table);
    await until(() => holds(pbx, "banned4", "10.0.1.2"), "the other bans");
    expect(await holds(pbx, "banned4", address)).toBe(false);
  },
  minutes,
);
