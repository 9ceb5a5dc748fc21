import { execOn } from "../../sandbox/sandbox";
import { AcmeBench, pbxName } from "../e2e/acme-bench";
import { eventually } from "../e2e/faults/settled";
import { canServeAcme } from "../e2e/peers/acme-server";
import { asteriskPid, onHost } from "../e2e/scenario";

const minutes = 60_000;
/** Left out without Go, of which the ACME server is built. */
const withServer = canServeAcme() ? test : test.skip;

let bench: AcmeBench;

beforeAll(async () => {
  if (!canServeAcme()) return;
  bench = await AcmeBench.open("acmelong");
  bench.pbx.stack.setSpec(bench.plain);
  await bench.pbx.stack.up();
}, 5 * minutes);

afterAll(async () => {
  if (canServeAcme()) await bench.close();
}, minutes);

const table = () => onHost(bench.pbx, "nft", "list", "table", "inet", "hardened_asterisk");

/** Seconds for which the port is open still, as the kernel says; 0 when it is closed. */
async function openFor(): Promise<number> {
  const [, whole, seconds] = /80 timeout 2m expires (?:(\d+)m)?(?:(\d+)s)?/.exec(await table()) ?? [];
  return Number(whole ?? 0) * 60 + Number(seconds ?? 0);
}

withServer(
  "from a private CA to a name that leads elsewhere: the old certificate stays, and nothing of the port",
  async () => {
    const before = [await bench.shown(), await asteriskPid(bench.pbx)];
    bench.pbx.stack.setSpec(bench.spec);
    const { code, stdout, stderr } = await bench.pbx.stack.try([...bench.pbx.stack.upCommand]);
    expect([code === 0, stdout + stderr]).toEqual([false, expect.stringContaining(`no certificate for ${pbxName}`)]);
    expect([await bench.shown(), await asteriskPid(bench.pbx)]).toEqual(before);
    expect(await table()).not.toContain("acme");
    expect((await execOn(bench.pbx.sandbox, "pbx", ["hardened-asterisk", "verify"])).stdout).not.toMatch(/^FAIL/m);
  },
  3 * minutes,
);

withServer(
  "from a private CA to ACME: the old firewall, which knows nothing of it, lends the port",
  async () => {
    await bench.leadTo(bench.pbx.sandbox.addresses.pbx);
    bench.pbx.stack.setSpec(bench.spec);
    await bench.pbx.stack.up();
    expect((await bench.cards())["van"]?.domain).toBe(pbxName);
    expect(await bench.shown()).toContain("CERTIFICATE");
    expect(await bench.port80()).toBe("dropped");
  },
  3 * minutes,
);

withServer(
  "a server that says nothing is given up, and the certificate stays",
  async () => {
    const before = await bench.shown();
    bench.hang(true);
    try {
      const { code, stderr } = await bench.renew("--now");
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(/the server did not finish in time; try again later; .*good for 89 days/),
      ]);
    } finally {
      bench.hang(false);
    }
    expect([await bench.shown(), await bench.port80()]).toEqual([before, "dropped"]);
  },
  4 * minutes,
);

withServer(
  "an agent that is killed while it asks leaves a port that the kernel closes, and the next one renews",
  async () => {
    const { sandbox } = bench.pbx;
    bench.hang(true);
    const renewing = bench.renew("--now");
    await eventually(20_000, async () => ((await openFor()) > 100 ? undefined : "the port is not open yet"));
    expect(await bench.port80()).toBe("let through");
    await execOn(sandbox, "pbx", [
      "sh",
      "-c",
      "kill -KILL $(cat /proc/[0-9]*/stat | awk '/hardened-asteri/ {print $1}')",
    ]);
    await renewing;
    bench.hang(false);
    await eventually(130_000, async () => ((await openFor()) === 0 ? undefined : "the port is open still"));
    expect(await bench.port80()).toBe("dropped");
    expect(await bench.renew("--now")).toMatchObject({ code: 0 });
    expect(await onHost(bench.pbx, "ls", "/run/hardened-asterisk", "/run/systemd/system")).not.toContain("acme");
  },
  5 * minutes,
);

withServer(
  "80 days later, with a server that has gone: an alarm, a service that failed, and the certificate stays",
  async () => {
    const { pbx } = bench;
    await onHost(pbx, "sh", "-ec", "apt-get -qq update; apt-get -qq install --yes --no-install-recommends faketime");
    const before = await bench.shown();
    await bench.beFalse();
    const later = (days: number) =>
      execOn(pbx.sandbox, "pbx", ["faketime", `+${days} days`, "hardened-asterisk", "renew"], { timeout: minutes });
    expect(await later(50)).toMatchObject({ code: 0, stdout: expect.stringContaining("nothing to do") as string });
    const early = await later(65);
    expect([early.code, early.stderr]).toEqual([1, expect.not.stringContaining('"alarm"')]);
    const late = await later(80);
    expect([late.code, late.stderr]).toEqual([
      1,
      expect.stringMatching(/^\{"alarm": "certificate-expires", "days": 9,/m),
    ]);
    expect(await bench.shown()).toBe(before);
  },
  3 * minutes,
);
