import type { ConnectConfig } from "ssh2";
import type { Bundle } from "../../core/bundle/bundle";
import { execOn } from "../../sandbox/sandbox";
import type { HostName } from "../../sandbox/layout";
import type { SshAccess } from "../../sandbox/service";
import { Installation } from "../../tools/operator/installation";
import { FaultBench } from "./fault-harness";
import { eventually, transactionOf } from "./faults/settled";
import { attacks, breakIn, type Outcome } from "./hardening/break-in";
import { logIn, offered, operator, weak } from "./hardening/ssh-client";
import { asteriskPid, currentReceipt, officeSpec, onHost } from "./scenario";

const name = "testhardening";
type Host = Exclude<HostName, "twin16">;
const minutes = 60_000;
const spec = { ...officeSpec(), rollbackSeconds: 30 };
const agent = "/usr/local/sbin/hardened-asterisk";
let opened: FaultBench | undefined;
let bench: FaultBench;
let ways: Record<Host, SshAccess>;

const on = async (host: Host, ...argv: string[]): Promise<string> => {
  const { code, stdout, stderr } = await execOn(bench.pbx.sandbox, host, argv, { timeout: 2 * minutes });
  if (code !== 0) throw new Error(`${argv.join(" ")}: ${stdout}${stderr}`);
  return stdout;
};

beforeAll(async () => {
  opened = await FaultBench.open({ name, spec, twin: true });
  bench = opened;
  const { ssh, twinSsh } = bench.pbx.sandbox;
  if (twinSsh === undefined) throw new Error("the sandbox has no twin");
  ways = { pbx: ssh, twin: twinSsh };
}, 5 * minutes);

afterAll(async () => {
  await (opened?.close() ?? Installation.remove(name));
}, minutes);

describe("a thief who has taken Asterisk over", () => {
  let here: Outcome;
  let there: Outcome;
  beforeAll(async () => {
    [here, there] = await Promise.all([breakIn(bench.pbx.sandbox, "pbx"), breakIn(bench.pbx.sandbox, "twin")]);
  }, minutes);

  test.each(attacks)("can %s on the twin, and not here", (attempt) => {
    expect([attempt, there[attempt]]).toEqual([attempt, "done"]);
    expect(here[attempt]).toMatch(/^\w*Error: /);
  });

  test("conformance: nor anything else that was tried", () => {
    expect(Object.entries(here).filter(([, outcome]) => outcome === "done")).toEqual([]);
    expect(Object.keys(here).length).toBeGreaterThan(attacks.length);
  });

  test("exposure as systemd counts it: asterisk at most 1.2, fail2ban at most 1.2; above 9 on the twin", async () => {
    const exposure = async (host: Host) => {
      const table = await on(host, "systemd-analyze", "security", "--no-pager", "asterisk.service", "fail2ban.service");
      return [...table.matchAll(/^\w+\.service +([\d.]+)/gm)].map(([, level]) => Number(level));
    };
    const [[asterisk = 10, bans = 10], twin] = [await exposure("pbx"), await exposure("twin")];
    expect(asterisk).toBeLessThanOrEqual(1.2);
    expect(bans).toBeLessThanOrEqual(1.2);
    for (const level of twin) expect(level).toBeGreaterThan(9);
  });
});

describe("sshd", () => {
  const password = "kT9-wander-lamp-41";
  const ecdh: ConnectConfig = { algorithms: { kex: ["ecdh-sha2-nistp256"] } };
  const attempts: readonly [string, (ssh: SshAccess) => Promise<string>, RegExp][] = [
    [
      "a login with the right password",
      (ssh) => logIn(ssh, { username: "clerk", password, tryKeyboard: true }),
      /authentication methods failed/,
    ],
    ["a key exchange of yesterday", (ssh) => logIn(ssh, { ...operator(ssh), ...ecdh }), /no matching key exchange/],
    [
      "a way through to what listens on the machine's loopback",
      (ssh) =>
        logIn(ssh, operator(ssh), (client, end) => {
          client.forwardOut("127.0.0.1", 0, "127.0.0.1", 22, end);
        }),
      /open failure/,
    ],
  ];
  beforeAll(async () => {
    for (const host of ["pbx", "twin"] as const) {
      await on(host, "useradd", "--create-home", "clerk");
      await on(host, "sh", "-c", `echo 'clerk:${password}' | chpasswd`);
    }
  });

  test.each(attempts)("%s: taken by the twin, refused here", async (_name, attempt, refusal) => {
    expect(await attempt(ways.twin)).toBe("done");
    expect(await attempt(ways.pbx)).toMatch(refusal);
  });

  test("offers nothing weak, as the twin does", async () => {
    expect((await offered(ways.twin)).filter((one) => weak.test(one))).not.toEqual([]);
    expect((await offered(ways.pbx)).filter((one) => weak.test(one))).toEqual([]);
  });

  test(
    "a configuration that its own check takes and that locks the operator out undoes itself",
    async () => {
      const path = "/etc/ssh/sshd_config.d/00-hardened-asterisk.conf";
      const lockOut = (bundle: Bundle): Bundle => ({
        ...bundle,
        files: bundle.files.map((f) => (f.path === path ? { ...f, content: [...f.content, "DenyUsers root\n"] } : f)),
      });
      expect((await bench.deliver(spec, lockOut)).code).toBe(0);
      expect(await logIn(ways.pbx, operator(ways.pbx))).toMatch(/authentication methods failed/);
      expect((await transactionOf(bench.pbx.sandbox))?.phase).toBe("armed");
      await eventually(minutes, async () => (await transactionOf(bench.pbx.sandbox))?.phase);
      expect(await logIn(ways.pbx, operator(ways.pbx))).toBe("done");
      expect(await onHost(bench.pbx, "cat", path)).not.toContain("DenyUsers");
    },
    2 * minutes,
  );
});

describe("what listens and who may enter", () => {
  const verify = async () => (await execOn(bench.pbx.sandbox, "pbx", [agent, "verify"])).stdout;

  test("nothing but sshd and Asterisk; a program that joins them is named", async () => {
    expect(await verify()).toMatch(/^ok +probe listeners$/m);
    const server = "import socket,time; s=socket.create_server(('0.0.0.0', 8080)); time.sleep(60)";
    await on("pbx", "systemd-run", "--quiet", "--unit=stray", "python3", "-c", server);
    await eventually(10_000, async () =>
      (await verify()).includes("python3 listens on tcp port 8080") ? undefined : "not named",
    );
    await on("pbx", "systemctl", "stop", "stray.service");
  }, 120_000);

  test("an account without a password is named", async () => {
    expect(await verify()).toMatch(/^ok +probe accounts$/m);
    await on("pbx", "passwd", "--delete", "clerk");
    expect(await verify()).toMatch(/^FAIL probe accounts.*account clerk has an empty password/m);
    await on("pbx", "passwd", "--lock", "clerk");
  }, 120_000);

  test("what a container cannot show is reported as unknown, not as well", async () => {
    const { probes } = await currentReceipt(bench.pbx);
    expect(probes.filter(({ ok }) => ok === undefined).map(({ id }) => id)).toEqual(["kernel-settings", "true-time"]);
  });
});

describe("logs that strangers write", () => {
  test(
    "are cut within a minute or so and written on; the twin's stay",
    async () => {
      const log = "/var/log/asterisk/messages.log";
      const fill = ["runuser", "-u", "asterisk", "--", "sh", "-c", `head -c 40000000 /dev/urandom >> ${log}`];
      for (const host of ["pbx", "twin"] as const) await on(host, ...fill);
      const size = async (host: Host) => Number(await on(host, "stat", "-c", "%s", log));
      await eventually(2 * minutes, async () => ((await size("pbx")) > 1e6 ? "not cut" : undefined));
      await on("twin", "systemctl", "start", "logrotate.service");
      expect(await size("twin")).toBeGreaterThan(40_000_000);
      await eventually(10_000, async () => {
        const open = await on("pbx", "sh", "-c", "ls -l /proc/$(pidof asterisk)/fd");
        return open.includes(`${log}\n`) && !open.includes(`${log}.1`) ? undefined : open;
      });
      expect((await on("pbx", "stat", "-c", "%a %U %G", log)).trim()).toBe("640 asterisk asterisk");
    },
    4 * minutes,
  );
});

describe("an upgrade of Asterisk", () => {
  const reinstall = [
    "apt-get",
    "install",
    "--reinstall",
    "--yes",
    "--option=Dpkg::Options::=--force-confold",
    "asterisk",
  ];

  test(
    "lets calls go on and takes effect once they have ended; the twin's are cut",
    async () => {
      const { sandbox, phones } = bench.pbx;
      const twinPid = () => on("twin", "systemctl", "show", "-p", "MainPID", "asterisk.service");
      const [before, twinBefore] = [await asteriskPid(bench.pbx), await twinPid()];
      await phones.get("reception")?.call("102");
      await phones.get("sales")?.waitEstablished(10_000);
      for (const host of ["pbx", "twin"] as const) {
        await on(host, "apt-get", "--quiet", "update");
        await on(host, "env", "DEBIAN_FRONTEND=noninteractive", ...reinstall);
      }
      expect(await twinPid()).not.toBe(twinBefore);
      expect(await on("pbx", agent, "restart-outdated")).toContain(
        "asterisk.service runs files that an upgrade replaced",
      );
      expect(await asteriskPid(bench.pbx)).toBe(before);
      expect(phones.get("reception")?.inCall).toBe(true);
      await phones.get("reception")?.hangup();
      await phones.get("sales")?.waitClosed(10_000);
      await eventually(30_000, async () => {
        await execOn(sandbox, "pbx", [agent, "restart-outdated"]);
        return (await asteriskPid(bench.pbx)) === before ? "still the old one" : undefined;
      });
    },
    5 * minutes,
  );
});
