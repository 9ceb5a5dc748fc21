import type { PbxSpec } from "../../core/spec/spec";
import { execOn } from "../../sandbox/sandbox";
import { Installation } from "../../tools/operator/installation";
import { daysShown, showCertificateFor } from "./certificate";
import { eventually } from "./faults/settled";
import { clearly, heard, ring } from "./office-calls";
import type { Phone } from "./peers/phone";
import { asteriskPid, currentReceipt, officeSpec, onHost } from "./scenario";

const name = "testoperations";
const minutes = 60_000;
const office = officeSpec();
const spec: PbxSpec = { ...office, phones: { ...office.phones, van: { number: "104", roaming: true } } };

let pbx: Installation;
let reception: Phone;
let sales: Phone;
let van: Phone;

beforeAll(async () => {
  process.env.PULUMI_NODEJS_TRANSPILE_ONLY = "true";
  pbx = await Installation.open({ name, spec });
  await pbx.stack.up();
  reception = await pbx.register("reception");
  sales = await pbx.register("sales");
  van = await pbx.register("van", "home");
}, 5 * minutes);

afterAll(async () => {
  for (const phone of pbx.phones.values()) await phone.stop();
  await Installation.remove(name);
}, minutes);

afterEach(async () => {
  for (const phone of pbx.phones.values()) if (phone.inCall) await phone.hangup();
});

/** The command on the machine itself, however it ends. */
const console = (...argv: string[]) =>
  execOn(pbx.sandbox, "pbx", ["hardened-asterisk", ...argv], { timeout: 2 * minutes });

async function callInside(from: Phone, number: string, to: Phone): Promise<void> {
  await from.call(number);
  await to.waitEstablished(ring);
}

/** `pulumi up` with another text in `recheck`. */
async function recheck(text: string) {
  const set = await pbx.stack.try(["config", "set", "pbx:recheck", text, "--stack", name]);
  expect([set.code, set.stderr]).toEqual([0, ""]);
  return pbx.stack.up();
}

/** A file of ours outside /etc. */
const guard = "/usr/local/lib/hardened-asterisk/firewall-guard.sh";

describe("a machine that drifted", () => {
  test(
    "is put right by `recheck`, with a call up, and the receipt names every thing that was off",
    async () => {
      await callInside(reception, "102", sales);
      const pid = await asteriskPid(pbx);
      const byHand = `echo '; by hand' >> /etc/asterisk/features.conf; echo '# by hand' >> ${guard}`;
      await onHost(pbx, "sh", "-ec", `${byHand}; chmod 666 /etc/asterisk/http.conf`);
      await onHost(pbx, "sh", "-ec", "echo x > /etc/asterisk/manager_custom.conf; systemctl stop fail2ban");
      // The guard would put the table back by itself.
      await onHost(pbx, "systemctl", "stop", "hardened-asterisk-guard.service");
      await onHost(pbx, "nft", "delete", "table", "inet", "hardened_asterisk");
      expect((await console("verify")).code).toBe(1);
      expect((await recheck("after the night")).updated).toBe(3);
      const { state, drift, changed } = await currentReceipt(pbx);
      expect(state).toBe("confirmed");
      const off = [
        "file /etc/asterisk/http.conf: content, owner or mode differs",
        "file /etc/asterisk/features.conf: content, owner or mode differs",
        `file ${guard}: content, owner or mode differs`,
        "file /etc/asterisk/manager_custom.conf: does not belong here",
        "service hardened-asterisk-guard.service: not running",
        "service fail2ban.service: not running",
      ];
      expect(drift.filter((line) => !line.startsWith("probe "))).toEqual(off);
      expect(drift).toContainEqual(
        expect.stringMatching(/^probe firewall: `nft list chain .* exits 1: Error: No such file/),
      );
      expect(drift).toContainEqual(expect.stringMatching(/^probe bans: /));
      expect(changed).toEqual([
        ...["features.conf", "http.conf", "manager_custom.conf"].map((file) => `/etc/asterisk/${file}`),
        guard,
      ]);
      expect(await console("verify")).toMatchObject({ code: 0 });
      expect(await asteriskPid(pbx)).toBe(pid);
      await reception.hangup();
      await sales.waitClosed(ring);
      for (const { share } of await heard(reception, sales)) expect(share).toBeGreaterThan(clearly);
    },
    3 * minutes,
  );

  test(
    "looked at again although nothing drifted, is not touched",
    async () => {
      const files = () => onHost(pbx, "sh", "-c", "find /etc -type f -printf '%p %T@ %C@\\n' | sort");
      const before = [await files(), await asteriskPid(pbx)];
      expect((await recheck("again")).updated).toBe(3);
      expect([await files(), await asteriskPid(pbx)]).toEqual(before);
      expect((await currentReceipt(pbx)).drift).toEqual([]);
    },
    2 * minutes,
  );
});

describe("the phones, as the console shows them", () => {
  test(
    "where each is registered from, whether it answers, and its calls",
    async () => {
      // Its connection ended with the table that was deleted above; it registers every minute.
      await eventually(90_000, async () => ((await console("phone", "van")).code === 0 ? undefined : "van is away"));
      await callInside(van, "101", reception);
      const { code, stdout } = await console("phones");
      const rows = stdout
        .trim()
        .split("\n")
        .map((row) => row.split(/ {2,}/));
      const row = (of: string) => rows.find(([first]) => first === of)?.slice(1);
      const { office, home } = pbx.sandbox.addresses;
      expect(code).toBe(0);
      const [trip, calls, renews] = row("reception")?.slice(4) ?? [];
      expect(row("reception")?.slice(0, 4)).toEqual(["101", "registered", `${office[0]}:5060`, "udp"]);
      expect([trip, calls, renews]).toEqual([expect.stringMatching(/ ms$/), "1", expect.stringMatching(/^\d+ s$/)]);
      expect(row("van")?.[3]).toBe("tls");
      expect(row("van")?.[2]).not.toContain(home[3]);
      expect(row("warehouse")).toEqual(["103", "NOT REGISTERED", "-", "-", "-", "0", "-"]);
    },
    minutes,
  );

  test("one phone, by name or number; the exit code says whether it can be called", async () => {
    const known = await console("phone", "van");
    expect(known).toMatchObject({ code: 0 });
    expect(known.stdout).toMatch(/calls itself baresip/);
    expect(known.stdout).toMatch(/SuccessfulAuth from IPV4\/TLS\//);
    expect(await console("phone", "103")).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("NOT REGISTERED") as string,
    });
    const unknown = await console("phone", "receptoin");
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining("did you mean reception?")]);
  });
});

describe("the certificate made on the machine", () => {
  test(
    "is left alone while it is valid for more than 60 days",
    async () => {
      await showCertificateFor(pbx, 62);
      await eventually(10_000, async () =>
        (await daysShown(pbx)) < 70 ? undefined : "the short certificate is not shown yet",
      );
      expect(await console("renew")).toMatchObject({
        code: 0,
        stdout: expect.stringContaining("nothing to do") as string,
      });
      expect(await console("verify")).toMatchObject({ code: 0 });
    },
    minutes,
  );

  test(
    "is renewed by its timer's service within its last 60 days, and shown, with a call over TLS up",
    async () => {
      await showCertificateFor(pbx, 59);
      await eventually(10_000, async () =>
        (await daysShown(pbx)) < 60 ? undefined : "the short certificate is not shown yet",
      );
      const verified = await console("verify");
      expect([verified.code, verified.stdout.match(/^FAIL.*/gm)]).toEqual([
        1,
        ["FAIL certificate  missing, foreign or about to expire"],
      ]);
      await callInside(van, "101", reception);
      const pid = await asteriskPid(pbx);
      // As after a boot.
      await onHost(pbx, "rm", "-r", "/run/hardened-asterisk");
      await onHost(pbx, "systemctl", "start", "hardened-asterisk-renew.service");
      expect(await daysShown(pbx)).toBeGreaterThan(800);
      expect(await asteriskPid(pbx)).toBe(pid);
      expect(van.inCall && reception.inCall).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      await van.hangup();
      await reception.waitClosed(ring);
      for (const { share } of await heard(van, reception)) expect(share).toBeGreaterThan(clearly);
      expect(await console("verify")).toMatchObject({ code: 0 });
    },
    2 * minutes,
  );
});

describe("a restart by hand", () => {
  test(
    "waits for calls to end, says so, and then asks every probe",
    async () => {
      await callInside(reception, "102", sales);
      const pid = await asteriskPid(pbx);
      let said = "";
      const argv = ["hardened-asterisk", "restart"];
      const restarting = execOn(pbx.sandbox, "pbx", argv, { timeout: 2 * minutes, onOutput: (text) => (said += text) });
      await eventually(15_000, () =>
        Promise.resolve(said.includes("2 channels are up") ? undefined : `it says: ${said}`),
      );
      expect([await asteriskPid(pbx), reception.inCall]).toEqual([pid, true]);
      await reception.hangup();
      const { code, stdout } = await restarting;
      expect([code, stdout.match(/^FAIL.*/gm)]).toEqual([0, null]);
      expect(stdout).toMatch(/^ok {3}probe asterisk-booted$/m);
      expect(await asteriskPid(pbx)).not.toBe(pid);
    },
    2 * minutes,
  );

  test(
    "cuts them when told to, and phones call again",
    async () => {
      await callInside(reception, "102", sales);
      expect(await console("restart", "--now")).toMatchObject({ code: 0 });
      await Promise.all(
        [reception.waitClosed(minutes), sales.waitClosed(minutes)].map((one) => one.catch(() => undefined)),
      );
      for (const phone of [reception, sales]) if (phone.inCall) await phone.hangup();
      await callInside(reception, "102", sales);
    },
    2 * minutes,
  );
});

test(
  "without a phone on the road nothing is left of the certificate's timer",
  async () => {
    expect(await onHost(pbx, "systemctl", "is-enabled", "hardened-asterisk-renew.timer")).toBe("enabled\n");
    pbx.stack.setSpec(office);
    await pbx.stack.up();
    for (const question of ["is-enabled", "is-active"]) {
      const { stdout } = await execOn(pbx.sandbox, "pbx", ["systemctl", question, "hardened-asterisk-renew.timer"]);
      expect([question, stdout.trim()]).toEqual([question, question === "is-active" ? "inactive" : "not-found"]);
    }
    expect(await onHost(pbx, "find", "/etc/systemd", "-name", "*renew*")).toBe("");
    expect(await console("verify")).toMatchObject({ code: 0 });
  },
  2 * minutes,
);
