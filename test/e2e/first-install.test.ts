import type { Bundle, BundleFile } from "../../core/bundle/bundle";
import { aptReachable, execOn } from "../../sandbox/sandbox";
import { Installation } from "../../tools/operator/installation";
import { FaultBench, specOf } from "./fault-harness";
import { differences, expectedState } from "./faults/host-state";
import { machinePicture } from "./faults/machine-picture";
import { eventually, settled } from "./faults/settled";
import { watchSip } from "./faults/watch-sip";
import { asteriskPid, onHost } from "./scenario";

const name = "testfirst";
const minutes = 60_000;
const spec = specOf("quiet");
let opened: FaultBench | undefined;
let bench: FaultBench;

beforeAll(async () => {
  process.env.PULUMI_NODEJS_TRANSPILE_ONLY = "true";
  const progress = (line: string) => void process.stderr.write(`${line}\n`);
  opened = await FaultBench.boot({ name, spec, image: "bare", twin: true, progress });
  bench = opened;
}, 3 * minutes);

afterAll(async () => {
  // A host that did not even come up is removed too.
  await (opened?.close() ?? Installation.remove(name));
}, minutes);

describe("a first `up` that cannot succeed leaves the machine as it was", () => {
  test(
    "admins without the operator's own address: refused before anything is touched",
    async () => {
      const before = await machinePicture(bench.pbx.sandbox);
      const { code, stdout } = await bench.tryUp({ ...spec, admins: ["192.0.2.99/32"] });
      expect(code).not.toBe(0);
      expect(stdout).toContain(`your address ${bench.pbx.sandbox.addresses.operator} is not among admins; add it`);
      expect(await machinePicture(bench.pbx.sandbox)).toEqual(before);
    },
    2 * minutes,
  );

  test(
    "package sources out of reach: the message says the cure, and all is put back",
    async () => {
      const before = await machinePicture(bench.pbx.sandbox);
      await aptReachable(bench.pbx.sandbox, false);
      const { code, stdout } = await bench.tryUp(spec).finally(() => aptReachable(bench.pbx.sandbox, true));
      expect(code).not.toBe(0);
      expect(stdout).toMatch(/apt-get update failed.*make the package sources in \/etc\/apt reachable/s);
      expect(await machinePicture(bench.pbx.sandbox)).toEqual(before);
    },
    3 * minutes,
  );
});

describe("the first `up` that can", () => {
  test(
    "installs behind the firewall: a stranger never gets a SIP answer, while the unhardened twin gives them",
    async () => {
      const { sandbox } = bench.pbx;
      const rounds = await watchSip(sandbox, sandbox.addresses.pbx, () => bench.converge(spec));
      const running = Number(await onHost(bench.pbx, "sh", "-c", "stat -c %Y /proc/$(pidof asterisk)"));
      expect(rounds.filter(({ at }) => at > running).length).toBeGreaterThan(5);
      expect(rounds.flatMap(({ answers }) => answers)).toEqual([]);
      await watchSip(sandbox, sandbox.addresses.twin, (seen) =>
        eventually(10_000, () => {
          const answers = seen.flatMap(({ answers }) => answers);
          const weak = answers.some((one) => one.startsWith("SIP/2.0")) && answers.includes("TCP 5060 is open");
          return Promise.resolve(weak ? undefined : `the twin answered only ${answers.join(", ")}`);
        }),
      );
    },
    5 * minutes,
  );

  test(
    "makes a PBX: phones register and call each other",
    async () => {
      await bench.startPhones();
      await bench.call();
    },
    minutes,
  );
});

describe("a configuration that would not work never reaches the live files", () => {
  const spoil = (path: string, right: string, wrong: string) => (bundle: Bundle) => {
    const altered = (file: BundleFile) =>
      file.content.map((piece) => (typeof piece === "string" ? piece.replace(right, wrong) : piece));
    const files = bundle.files.map((file) => (file.path === path ? { ...file, content: altered(file) } : file));
    if (JSON.stringify(files) === JSON.stringify(bundle.files)) throw new Error(`${path} does not say "${right}"`);
    return { ...bundle, files };
  };
  const etc = "/etc/asterisk";
  const refused: readonly [string, (bundle: Bundle) => Bundle, RegExp][] = [
    [
      "a key that pjsip does not know",
      spoil(`${etc}/pjsip.conf`, "max_contacts = 1", "max_contactz = 1"),
      /pjsip\.conf:\d+: .* has no key "max_contactz"; did you mean "max_contacts"\?/,
    ],
    [
      "a key that Asterisk would ignore without a word",
      spoil(`${etc}/rtp.conf`, "strictrtp = yes", "strictrpt = yes"),
      /rtp\.conf:\d+: \[general\] has no key "strictrpt"; did you mean "strictrtp"\?/,
    ],
    [
      "a dialplan that includes a context that is not there",
      spoil(`${etc}/extensions.conf`, "include => dial-internal", "include => dial-nowhere"),
      /dial-nowhere/,
    ],
    [
      "a module that does not exist",
      spoil(`${etc}/modules.conf`, "load = app_dial.so", "load = app_dial2.so"),
      /app_dial2/,
    ],
    [
      "rules that nft does not take",
      spoil("/etc/nftables.d/hardened-asterisk.nft", "policy drop", "policy perhaps"),
      /nft refuses/,
    ],
    [
      "a unit that systemd does not understand",
      spoil(
        "/etc/systemd/system/asterisk.service.d/hardened-asterisk.conf",
        "ProtectSystem=strict",
        "ProtectSystem=sometimes",
      ),
      /systemd refuses/,
    ],
  ];

  test.each(refused)(
    "%s: refused with the cause, the host untouched, a held call goes on",
    async (_name, doctor, cause) => {
      const [before, pid] = [await machinePicture(bench.pbx.sandbox), await asteriskPid(bench.pbx)];
      const reception = bench.pbx.phones.get("reception");
      await reception?.call("102");
      await reception?.waitEstablished(10_000);
      const { code, stderr } = await bench.deliver(specOf("brisk"), doctor);
      expect(code).not.toBe(0);
      expect(stderr).toMatch(cause);
      expect(stderr).toContain("nothing was changed");
      expect(reception?.inCall).toBe(true);
      await reception?.hangup();
      await bench.pbx.phones.get("sales")?.waitClosed(10_000);
      expect(await machinePicture(bench.pbx.sandbox)).toEqual(before);
      expect(differences(await bench.state(spec), expectedState(bench.prepare(spec)))).toEqual([]);
      expect(await asteriskPid(bench.pbx)).toBe(pid);
    },
    2 * minutes,
  );
});

describe("Debian's package, installed again", () => {
  test(
    "gives the asterisk user nothing to write below /etc/asterisk, and verify agrees",
    async () => {
      const { sandbox } = bench.pbx;
      const packages = ["asterisk", "asterisk-config", "asterisk-modules"];
      const install = ["apt-get", "install", "--reinstall", "--yes", "--option=Dpkg::Options::=--force-confold"];
      await onHost(bench.pbx, "apt-get", "--quiet", "update");
      const before = await asteriskPid(bench.pbx);
      await onHost(bench.pbx, "env", "DEBIAN_FRONTEND=noninteractive", ...install, ...packages);
      // The package's own script is not let restart Asterisk: that is done once no call is up, perhaps by the timer just now.
      const said = await onHost(bench.pbx, "/usr/local/sbin/hardened-asterisk", "restart-outdated");
      await eventually(30_000, async () =>
        [before, "0"].includes(await asteriskPid(bench.pbx)) ? `Asterisk is not restarted: ${said}` : undefined,
      );
      await settled(sandbox);
      const writable = ["runuser", "-u", "asterisk", "--", "find", "/etc/asterisk", "-writable", "-print"];
      const found = await execOn(sandbox, "pbx", writable);
      expect([found.code, found.stdout]).toEqual([0, ""]);
      const verified = await execOn(sandbox, "pbx", ["/usr/local/sbin/hardened-asterisk", "verify"]);
      expect([verified.code, verified.stdout.match(/^FAIL.*/gm)]).toEqual([0, null]);
      await bench.call();
    },
    3 * minutes,
  );
});
