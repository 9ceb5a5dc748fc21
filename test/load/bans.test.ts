import { run } from "../../sandbox/command";
import { waitUntil } from "../e2e/peers/peer-process";
import { answerChallenge } from "../e2e/peers/sip-message";
import { forged, logAttacks, silentAttacks } from "./parts/log-attacks";
import { sendAll } from "./parts/sip-from-anywhere";
import { startSetter } from "./parts/setter";
import { failuresLike, type PastFailure } from "./parts/slow-guesses";
import { pbxAddress } from "./parts/staged-host";
import { bootPbx, type BootedPbx } from "./parts/staged-pbx";

const log = "/var/log/asterisk/security.log";
const filter = "/etc/fail2ban/filter.d/hardened-asterisk-sip.conf";
/** A phone's own network, from which it only asks to be challenged. */
const honest = "198.51.100.99";
const sourceOf = (index: number) => `203.0.113.${128 + index}`;
const silentSourceOf = (index: number) => `203.0.113.${230 + index}`;
const wrongPassword = { ipv4: "198.51.100.66", ipv6: "2001:db8:bad::66" };
const outsideAcl = "203.0.113.250";
const overStreams = { tcp: "203.0.113.251", tls: "203.0.113.252" } as const;

let pbx: BootedPbx;
let phone = "";

/** The addresses that a filter finds in a log of the host, each with how often. */
async function found(file: string, by: string): Promise<Map<string, number>> {
  const argv = ["fail2ban-regex", "--out", "ip", file, by];
  const result = await pbx.host.run(argv);
  if (result.code !== 0 && result.stdout.trim() !== "") throw new Error(result.stdout + result.stderr);
  const counts = new Map<string, number>();
  for (const ip of result.stdout.split("\n").filter((line) => line !== "")) counts.set(ip, (counts.get(ip) ?? 0) + 1);
  return counts;
}

async function guessPassword(from: string, user: string): Promise<void> {
  const [challenge] = await sendAll(pbx.host, [{ from, user }]);
  const offered = challenge?.headers.get("www-authenticate")?.[0] ?? "";
  const uri = `sip:${pbxAddress.ipv4}`;
  const credentials = { user, password: "wrong", method: "REGISTER", uri };
  await sendAll(pbx.host, [{ from, user, headers: { Authorization: answerChallenge(offered, credentials) } }]);
}

/** What a filter of this form finds in the same events, written in plain text. */
function foundInPlain(form: string): Promise<Map<string, number>> {
  const events = 'SecurityEvent="(?:FailedACL|InvalidAccountID|ChallengeResponseFailed)"';
  const text = `[Definition]\nfailregex = ${events}${form}\ndatepattern = ^\\[%%Y-%%m-%%d %%H:%%M:%%S\\]\n`;
  pbx.host.write("/etc/fail2ban/filter.d/plain.conf", text, { owner: "root", group: "root", mode: "0644" });
  return found("/var/log/asterisk/plain.log", "/etc/fail2ban/filter.d/plain.conf");
}

/** Waits until the log holds everything that was sent before. */
async function settle(): Promise<void> {
  const callId = `the-end-${Date.now()}`;
  await sendAll(pbx.host, [{ from: honest, user: phone, callId }]);
  await waitUntil(
    () => pbx.host.read(log).includes(callId),
    5_000,
    () => `${log} does not show ${callId}`,
  );
}

beforeAll(async () => {
  pbx = await bootPbx("roaming", {
    "/etc/asterisk/pjsip_transports.conf": (text) =>
      `${text}\n[transport-udp6]\ntype = transport\nprotocol = udp\nbind = [::]:5060\nallow_reload = no\n`,
    // What the same Asterisk would write in plain text, for a filter that trusts it.
    "/etc/asterisk/logger.conf": (text) => `${text}plain.log => security\n`,
  });
  phone = pbx.scenario.values["phone.hall.user"] ?? "";
  const [answers, silent] = [logAttacks, silentAttacks].map((attacks, list) =>
    attacks.flatMap(({ probe }, index) => [
      { ...probe, from: list === 0 ? sourceOf(index) : silentSourceOf(index) },
      // An honest phone speaks after each: whatever an attack leaves open, its line comes next.
      { user: phone, from: honest },
    ]),
  );
  const responses = await sendAll(pbx.host, answers ?? []);
  const unanswered = logAttacks.filter((_, index) => responses[2 * index]?.status !== 401);
  expect(unanswered.map(({ what }) => what)).toEqual([]);
  await sendAll(pbx.host, silent ?? []);
  await guessPassword(wrongPassword.ipv4, phone);
  await guessPassword(wrongPassword.ipv6, "1000");
  await sendAll(pbx.host, [{ from: outsideAcl, user: phone }]);
  for (const over of ["tcp", "tls"] as const)
    await sendAll(pbx.host, [{ from: overStreams[over], user: "1000", over }]);
  await settle();
}, 120_000);

afterAll(async () => {
  await pbx.host.close();
});

describe("our filter on the real security log", () => {
  let sources: Map<string, number>;
  beforeAll(async () => {
    sources = await found(log, filter);
  });

  test.each(logAttacks.map(({ what }, index) => [what, sourceOf(index)] as const))(
    "finds the source of %s",
    (_what, ip) => {
      expect(sources.get(ip)).toBeGreaterThanOrEqual(1);
    },
  );

  test("finds a wrong password, IPv4 and IPv6, and a refusal by an endpoint's networks", () => {
    expect(sources.get(wrongPassword.ipv4)).toBe(1);
    expect(sources.get(wrongPassword.ipv6)).toBeGreaterThanOrEqual(1);
    expect(sources.get(outsideAcl)).toBe(1);
    expect(pbx.host.read(log)).toMatch(
      new RegExp(`FailedACL.*RemoteAddress=\\\\"IPV4/UDP/${outsideAcl.replaceAll(".", "\\.")}/`),
    );
  });

  test("finds who came over TCP and over TLS", () => {
    expect([sources.get(overStreams.tcp), sources.get(overStreams.tls)]).toEqual([1, 1]);
    expect(pbx.host.read(log)).toContain(`RemoteAddress=\\"IPV4/TLS/${overStreams.tls}/`);
  });

  test("finds nobody else: not the forged address, not the honest phone", () => {
    const attackers = [
      ...logAttacks.map((_, index) => sourceOf(index)),
      ...[...Object.values(wrongPassword), ...Object.values(overStreams), outsideAcl],
    ];
    expect([...sources.keys()].filter((ip) => !attackers.includes(ip))).toEqual([]);
    expect(pbx.host.read(log)).toContain(forged);
  });

  test("reads every line: each is one whole object", () => {
    const [heading, ...lines] = pbx.host.read(log).trim().split("\n");
    expect(heading).toMatch(/^\[[\d: -]{19}\] Asterisk 22\./);
    for (const line of lines) expect(JSON.parse(line)).toHaveProperty("logmsg.message");
  });
});

describe("our jail in a running fail2ban", () => {
  test("bans exactly those who failed twice, and nobody of the networks it spares", async () => {
    const sources = await found(log, filter);
    const twice = [...sources].filter(([ip, count]) => count >= 2 && ip !== wrongPassword.ipv4).map(([ip]) => ip);
    expect(twice).toContain(wrongPassword.ipv6);
    expect(twice).toContain(sourceOf(3));
    await run(pbx.host.inside(["sh", "-ec", "rm /etc/fail2ban/jail.d/defaults-debian.conf; mkdir -p /run/fail2ban"]));
    await run(pbx.host.inside(["nft", "-f", "/etc/nftables.d/hardened-asterisk.nft"]));
    await startSetter(pbx.host);
    await run(pbx.host.inside(["fail2ban-client", "start"]));
    const banned = async () => {
      const sets = ["banned4", "banned_nets6"].map((set) =>
        pbx.host.run(["nft", "list", "set", "inet", "hardened_asterisk", set]),
      );
      const texts = (await Promise.all(sets)).map(({ stdout }) => stdout);
      return texts.flatMap((text) => [...text.matchAll(/([\da-f.:/]+) timeout /g)].map(([, ip]) => ip ?? ""));
    };
    const deadline = Date.now() + 15_000;
    while ((await banned()).length < twice.length && Date.now() < deadline) await run(["sleep", "0.1"]);
    const asListed = (ip: string) => (ip.includes(":") ? ip.replace(/::.*$/, "::/64") : ip);
    expect((await banned()).sort()).toEqual(twice.map(asListed).sort());
    const freed = [wrongPassword.ipv6, sourceOf(3)];
    await run(pbx.host.inside(["fail2ban-client", "unban", ...freed]));
    await run(pbx.host.inside(["fail2ban-client", "stop"]));
    // Not even fail2ban's own unban takes an element out of the firewall: root does that, and time.
    expect((await banned()).sort()).toEqual(twice.map(asListed).sort());
  }, 30_000);
});

describe("slow guesses", () => {
  const day = [1380, 900, 400, 2];
  const over = (addresses: readonly string[], minutes: readonly number[]): PastFailure[] =>
    minutes.map((minutesAgo, index) => ({ minutesAgo, from: addresses[index % addresses.length] ?? "" }));
  const past = (failures: readonly PastFailure[]): string => {
    const lines = pbx.host.read(log).split("\n");
    const own = lines.find((line) => line.includes("ChallengeResponseFailed") && line.includes(wrongPassword.ipv4));
    return failuresLike(own ?? "", failures);
  };

  test.each([
    ["2001:db8:1:2::3", "2001:db8:1:2"],
    ["2001:db8:1:2:a:b:c:d", "2001:db8:1:2"],
    ["2001:db8:1:0:a:b:c:d", "2001:db8:1"],
    ["2001:db8:1::d", "2001:db8:1"],
    ["2001:db8::a:b:c:d", "2001:db8"],
    ["2001:db8:0:0:a::", "2001:db8"],
    ["2001:db8::d", "2001:db8"],
    ["2001::4:a:b:c:d", "2001::4"],
    ["198.18.3.4", "198.18.3"],
  ])("%s belongs to %s", async (from, network) => {
    pbx.host.write("/tmp/one.log", past([{ from, minutesAgo: 1 }]), { owner: "root", group: "root", mode: "0644" });
    const argv = ["fail2ban-regex", "--out", "fid", "/tmp/one.log", filter.replace(/sip/, "network")];
    expect((await pbx.host.run(argv)).stdout.trim()).toBe(network);
  });

  test("one in 65 s bans; the fourth of one /24, and of one /64, within a day is a line of its own", async () => {
    const failures = [
      ...over(["198.18.1.2"], [12, 10.9, 2.1, 1]),
      ...over(["198.18.2.1", "198.18.2.2", "198.18.2.3", "198.18.2.4"], day),
      ...over(["198.18.4.1", "198.18.4.2", "198.18.4.3"], day.slice(1)),
      ...over(["2001:db8:7:8::1", "2001:db8:7:8:a:b:c:d"], day),
    ].sort((a, b) => b.minutesAgo - a.minutesAgo);
    pbx.host.write(log, past(failures), { owner: "asterisk", group: "asterisk", mode: "0640" });
    await run(pbx.host.inside(["sh", "-ec", "rm -f /var/lib/fail2ban/* && : > /var/log/fail2ban.log"]));
    await run(pbx.host.inside(["fail2ban-client", "start"]));
    const said = (jail: string) =>
      [...pbx.host.read("/var/log/fail2ban.log").matchAll(new RegExp(`NOTICE +\\[${jail}\\] Ban (\\S+)`, "g"))]
        .map(([, who]) => who)
        .sort();
    await waitUntil(
      () => said("hardened-asterisk-network").length >= 3 && said("hardened-asterisk-sip").length >= 1,
      15_000,
      () => pbx.host.read("/var/log/fail2ban.log"),
    );
    await run(pbx.host.inside(["fail2ban-client", "stop"]));
    expect(said("hardened-asterisk-network")).toEqual(["198.18.1", "198.18.2", "2001:db8:7:8"]);
    expect(said("hardened-asterisk-sip")).toEqual(["198.18.1.2"]);
  }, 60_000);
});

describe("known limits of Asterisk 22.10.1", () => {
  test("bytes that are not UTF-8 raise no security event; messages.log says so without an address", async () => {
    const sources = await found(log, filter);
    for (const [index] of silentAttacks.entries()) expect(sources.has(silentSourceOf(index))).toBe(false);
    const errors = pbx.host.read("/var/log/asterisk/messages.log").match(/Failed to issue security event of type \w+/g);
    expect(errors?.length).toBeGreaterThanOrEqual(silentAttacks.length);
  });
});

describe("the same attacks succeed against weaker variants", () => {
  test("Debian's filter on messages.log takes the forged address", async () => {
    const sources = await found("/var/log/asterisk/messages.log", "/etc/fail2ban/filter.d/asterisk.conf");
    expect(sources.has(forged)).toBe(true);
  });

  test("on plain lines, taking the last address takes the forged one", async () => {
    const sources = await foundInPlain(String.raw`.*,RemoteAddress="IPV[46]/UDP/<ADDR>/\d+"`);
    expect(sources.has(forged)).toBe(true);
  });

  test("on plain lines, allowing only whole fields after the address misses sources", async () => {
    const sources = await foundInPlain(String.raw`.*,RemoteAddress="IPV[46]/UDP/<ADDR>/\d+"(?:,\w+="[^"]*")*$`);
    expect(sources.has(sourceOf(0))).toBe(true);
    const missed = logAttacks.filter((_, index) => !sources.has(sourceOf(index))).map(({ what }) => what);
    expect(missed).toContain("Call-ID: an escape character");
    expect(missed).toContain("From: a new line");
  });
});
