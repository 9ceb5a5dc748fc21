import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { bootHost, execOn, killHost } from "../../sandbox/sandbox";
import { Installation } from "../../tools/operator/installation";
import { eventually } from "./faults/settled";
import { LogReceiver, type Certificate } from "./logs/receiver";
import { configuredSpec, configureShipping, lacking, queueCounts, writeLines, writtenStreams } from "./logs/shipping";
import { clearly, heard, ring } from "./office-calls";
import { officeSpec, onHost } from "./scenario";

const name = "testlogs";
const minutes = 60_000;
const unit = "hardened-asterisk-logs.service";
const state = "/var/lib/private/hardened-asterisk-logs";
let pbx: Installation;
let receiver: LogReceiver;

beforeAll(async () => {
  pbx = await Installation.open({ name, spec: officeSpec(), twin: true });
  receiver = await LogReceiver.install(pbx.sandbox, path.join("/run", `hardened-asterisk-installation-${name}`, "ca"));
  await configureShipping(pbx, receiver);
  await pbx.stack.up();
}, 6 * minutes);

afterAll(async () => {
  await pbx.hangUp();
  await Installation.remove(name);
}, minutes);

/** Waits until every stream the test writes to has every line. */
async function arrive(wanted: readonly string[], within = 60_000): Promise<void> {
  await eventually(within, async () => {
    for (const stream of writtenStreams) {
      const missing = await lacking(receiver, stream, wanted);
      if (missing.length > 0) return `${stream} lacks ${missing.length} of ${wanted.length}: ${missing[0] ?? ""} …`;
    }
    return undefined;
  });
}

test(
  "every stream arrives, each under its own name",
  async () => {
    const [reception, sales] = await Promise.all([pbx.register("reception"), pbx.register("sales")]);
    await reception.call("102");
    await sales.waitEstablished(ring);
    await reception.hangup();
    pbx.stack.setSpec({ ...configuredSpec(pbx), rollbackSeconds: 100 });
    await pbx.stack.up();
    await arrive(await writeLines(pbx, "first", 3));
    await eventually(90_000, async () => {
      const got = await receiver.streams();
      const wanted = ["activation", "fail2ban", "services", "shipper", "shipper-counts", ...writtenStreams];
      const missing = wanted.filter((stream) => !got.includes(stream));
      return missing.length === 0 ? undefined : `no ${missing.join(", ")}`;
    });
    expect((await receiver.lines("asterisk-security")).join("\n")).toMatch(/SuccessfulAuth.*reception-/);
    expect((await receiver.lines("asterisk-calls")).join("\n")).toMatch(/"101","102".*ANSWERED/);
    expect((await receiver.lines("activation")).join("\n")).toMatch(/is active; it undoes itself in 100 s/);
  },
  4 * minutes,
);

test(
  "whoever is user asterisk writes in no other stream's name, and no control character gets through",
  async () => {
    const forge = [
      "logger -t sshd 'forged: Accepted password for root'",
      "logger -t hardened-asterisk 'forged: is active'",
      String.raw`printf 'forged:\033[2J\r<6>1 - pbx sshd - - - Accepted\n' >> /var/log/asterisk/messages.log`,
    ].join("\n");
    await onHost(pbx, "setpriv", "--reuid=asterisk", "--regid=asterisk", "--clear-groups", "sh", "-ec", forge);
    await arrive(await writeLines(pbx, "after-forgery", 1));
    for (const stream of (await receiver.streams()).filter((one) => one !== "asterisk-messages"))
      expect([stream, (await receiver.lines(stream)).filter((line) => line.includes("forged:"))]).toEqual([stream, []]);
    const written = (await receiver.lines("asterisk-messages")).filter((line) => line.includes("forged:"));
    expect(written).toEqual([expect.stringMatching(/ forged:#027\[2J#013<6>1 - pbx sshd - - - Accepted$/)]);
  },
  minutes,
);

test(
  "the shipper's user reads no password and no console",
  async () => {
    const shown = await onHost(pbx, "systemctl", "show", "--value", "-p", "MainPID", unit);
    const pid = shown.trim();
    const ids = async (field: string) =>
      (await onHost(pbx, "sed", "-n", `s/^${field}:\\t//p`, `/proc/${pid}/status`)).trim().split(/\s+/);
    const [[user = ""], [group = ""], groups] = await Promise.all([ids("Uid"), ids("Gid"), ids("Groups")]);
    const identity = [`--reuid=${user}`, `--regid=${group}`, `--groups=${groups.join(",")}`];
    const reach = async (command: string) => {
      const argv = ["nsenter", `--target=${pid}`, "--mount", "setpriv", ...identity];
      return (await execOn(pbx.sandbox, "pbx", [...argv, "sh", "-c", command])).code;
    };
    expect(await reach("cat /var/log/asterisk/security.log")).toBe(0);
    for (const file of ["/etc/asterisk/pjsip.conf", "/var/lib/asterisk/astdb.sqlite3", "/etc/shadow"])
      expect([file, await reach(`cat ${file}`)]).not.toEqual([file, 0]);
    expect(await reach("asterisk -rx 'core show version'")).not.toBe(0);
    expect(await onHost(pbx, "systemd-analyze", "security", "--no-pager", unit)).toMatch(
      /exposure level.*: (0|1\.[0-5])/,
    );
  },
  minutes,
);

test.each<Certificate>(["other-name", "other-ca"])(
  "a false receiver, its certificate %s, is sent nothing; the true one then gets it all",
  async (certificate) => {
    await receiver.start(certificate);
    const since = (await onHost(pbx, "date", "+%s")).trim();
    const wanted = await writeLines(pbx, `secret-${certificate}`, 3);
    await eventually(60_000, async () => {
      const said = await onHost(
        pbx,
        "journalctl",
        "--unit",
        unit,
        "--since",
        `@${since}`,
        "--output=cat",
        "--no-pager",
      );
      return /nothing is sent to .*certificate verify failed/.test(said) ? undefined : "no refusal in the journal";
    });
    for (const stream of writtenStreams) expect(await lacking(receiver, stream, wanted)).toEqual(wanted);
    await receiver.start("receiver");
    await arrive(wanted);
  },
  2 * minutes,
);

test(
  "an outage in which both machines lose their power loses no line",
  async () => {
    const during = writeLines(pbx, "cut", 400);
    await receiver.cut();
    const lines = [...(await during), ...(await writeLines(pbx, "dark", 400))];
    await pause(10_000);
    await killHost(pbx.sandbox, "pbx");
    await bootHost(pbx.sandbox, "pbx");
    lines.push(...(await writeLines(pbx, "rebooted", 400)));
    await pause(10_000);
    await receiver.boot();
    await arrive(lines, 2 * minutes);
  },
  5 * minutes,
);

test(
  "a flood while the receiver is away: calls go on, the disk stays bounded, what was shed is counted and the count sent",
  async () => {
    await pbx.hangUp();
    const [reception, sales] = await Promise.all([pbx.register("reception"), pbx.register("sales")]);
    const before = await queueCounts(receiver);
    await receiver.stop();
    await reception.call("102");
    await sales.waitEstablished(ring);
    const flood = "for i in range(1, 12001): print(f'flood-{i}.' + 'x' * 32000)";
    await onHost(pbx, "sh", "-ec", `python3 -c "${flood}" >> /var/log/asterisk/messages.log`);
    await onHost(pbx, "sh", "-ec", "echo amid-flood. >> /var/log/asterisk/cdr-custom/Master.csv");
    await pause(5000);
    await reception.hangup();
    for (const { share } of await heard(reception, sales)) expect(share).toBeGreaterThan(clearly);
    await eventually(minutes, async () => {
      // Files that go while du looks make it fail, with the sum of the others.
      const kept = Number.parseInt(await onHost(pbx, "sh", "-c", `du -sm ${state} || true`), 10);
      expect(kept).toBeLessThan(400);
      return kept > 240 ? undefined : `${kept} MB queued`;
    });
    await receiver.start("receiver");
    await eventually(2 * minutes, async () => {
      const { waiting, shed } = await queueCounts(receiver);
      const got = await receiver.count("asterisk-messages", "flood-[0-9]");
      const missing = 12_000 - got - (shed - before.shed);
      return shed > before.shed && missing <= 0 && missing > -50 ? undefined : JSON.stringify({ got, shed, waiting });
    });
    expect(await lacking(receiver, "asterisk-calls", ["amid-flood."])).toEqual([]);
  },
  6 * minutes,
);

test(
  "without `logs` the shipper is gone",
  async () => {
    const { logs, ...spec } = configuredSpec(pbx);
    expect(logs).toBeDefined();
    pbx.stack.setSpec(spec);
    await pbx.stack.up();
    expect((await execOn(pbx.sandbox, "pbx", ["systemctl", "is-active", unit])).stdout.trim()).toBe("inactive");
    expect((await execOn(pbx.sandbox, "pbx", ["ls", "-A", "/etc/hardened-asterisk/logs"])).stdout).toBe("");
  },
  2 * minutes,
);
