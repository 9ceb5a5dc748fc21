import { readFileSync } from "node:fs";
import path from "node:path";
import { execOn } from "../../sandbox/sandbox";
import { Installation } from "../../tools/operator/installation";
import { commands, kinds, logs, places, security, type Kind } from "./hardening/hostile-files";
import { officeSpec, onHost } from "./scenario";

const name = "testhostilefiles";
const minutes = 60_000;
const patience = 45_000;
/** The digest of an account's password: the last line of /etc/shadow. */
const digest = "$6$hostile$0tKc7secret0of0the0host";
const features = "/etc/asterisk/features.conf";
const failing = "/etc/systemd/system/asterisk.service.d/zz-test.conf";

let pbx: Installation;
let marker = 0;

beforeAll(async () => {
  process.env.PULUMI_NODEJS_TRANSPILE_ONLY = "true";
  pbx = await Installation.open({ name, spec: officeSpec() });
  await pbx.stack.up();
  await onHost(pbx, "useradd", "--no-create-home", "--password", digest, "hostile");
  // A log of 10 GB in one line is more than fail2ban may take, which is not what is tried here.
  await onHost(pbx, "systemctl", "stop", "fail2ban.service");
}, 5 * minutes);

afterAll(async () => {
  await Installation.remove(name);
}, minutes);

/** Runs a line of shell as Asterisk's user, who owns the folders. */
const asAsterisk = (script: string, ...args: string[]) =>
  onHost(pbx, "setpriv", "--reuid=asterisk", "--regid=asterisk", "--clear-groups", "sh", "-ec", script, "sh", ...args);

async function put(kind: Kind, paths: readonly string[]): Promise<void> {
  for (const place of paths)
    await asAsterisk(`if [ -e "$1" ] || [ -L "$1" ]; then mv "$1" "$1.kept"; fi; ${kinds[kind]}`, place);
}

async function putBack(paths: readonly string[]): Promise<void> {
  for (const place of paths)
    await asAsterisk('rm -rf "$1"; if [ -e "$1.kept" ] || [ -L "$1.kept" ]; then mv "$1.kept" "$1"; fi', place);
}

async function restartAsterisk(): Promise<void> {
  await onHost(pbx, "systemctl", "reset-failed");
  await onHost(pbx, "systemctl", "restart", "asterisk.service");
}

/** Owner, mode, size and digest of everything that a link could lead root to. */
const outside = () =>
  onHost(
    pbx,
    "sh",
    "-c",
    `find /etc /root /usr/local ! -path ${features} ! -path '/etc/asterisk' ! -path '/etc/systemd/system*' -printf '%p %u %g %m %l %s\\n' | sort; sha256sum /etc/shadow /etc/passwd`,
  );

/** Another delivery of the same configuration, after something was changed by hand; its status and all it said. */
async function deliver(): Promise<{ code: number | null; said: string }> {
  marker += 1;
  await pbx.stack.try(["config", "set", "pbx:recheck", `hostile ${String(marker)}`, "--stack", name]);
  const { code, stdout, stderr } = await pbx.stack.try(pbx.stack.upCommand);
  return { code, said: stdout + stderr };
}

/** What the host keeps of what was said: its journal and all receipts. */
const kept = () =>
  onHost(
    pbx,
    "sh",
    "-c",
    "journalctl --no-pager --output cat; cat /var/lib/hardened-asterisk/generations/*/receipt.json",
  );

describe.each(Object.keys(kinds) as Kind[])("%s in the place of files in Asterisk's folders", (kind) => {
  const swapped = [...places, security];
  let before: string;
  beforeAll(async () => {
    before = await outside();
    await put(kind, swapped);
  }, minutes);
  afterAll(async () => {
    await putBack(swapped);
  }, minutes);

  test.each(commands.map((words) => [words.join(" "), words] as const))(
    "`hardened-asterisk %s` ends and shows nothing of it",
    async (_, words) => {
      const began = Date.now();
      const { stdout, stderr } = await execOn(pbx.sandbox, "pbx", ["hardened-asterisk", ...words], {
        timeout: 2 * minutes,
      });
      expect(stdout + stderr).not.toContain("hostile$");
      expect(Date.now() - began).toBeLessThan(patience);
    },
    3 * minutes,
  );

  test("`hardened-asterisk phone` says what lies there", async () => {
    const { stdout } = await execOn(pbx.sandbox, "pbx", ["hardened-asterisk", "phone", "reception"]);
    expect(stdout).toMatch(kind === "10 GB of zeros" ? /last megabyte/ : /security\.log .*remove it/);
  });

  test(
    "rotation of the logs changes nothing elsewhere",
    async () => {
      // Compressing zeros takes Asterisk's user minutes.
      if (kind === "10 GB of zeros") await asAsterisk('truncate -s 100M "$1" "$2"', `${logs}/messages.log`, security);
      await execOn(pbx.sandbox, "pbx", ["systemctl", "start", "logrotate.service"], { timeout: minutes });
      expect(await outside()).toBe(before);
    },
    minutes,
  );
});

describe("an activation with all of them there", () => {
  const log = `${logs}/messages.log`;
  const others = places.filter((place) => place !== log);
  let before: string;
  beforeAll(async () => {
    await onHost(pbx, "systemctl", "start", "fail2ban.service");
    before = await outside();
    // Asterisk itself does not start with a FIFO there.
    await put("a link to /etc/shadow", [log]);
    const names = Object.keys(kinds) as Kind[];
    for (const [index, place] of others.entries()) await put(names[index % names.length] ?? "a FIFO", [place]);
    await onHost(pbx, "sh", "-c", `echo '; by hand' >> ${features}`);
  }, minutes);
  afterAll(async () => {
    await onHost(pbx, "sh", "-c", `rm -f ${failing}; systemctl daemon-reload`);
    await putBack(places);
    await restartAsterisk();
  }, minutes);

  test(
    "that Asterisk does not start after, says what lies in the place of its log, and shows nothing of it",
    async () => {
      const unit = "[Service]\\nExecStartPost=+/bin/false\\n";
      await onHost(pbx, "sh", "-ec", `printf '${unit}' > ${failing}; systemctl daemon-reload`);
      await onHost(pbx, "systemctl", "stop", "asterisk.service");
      const { code, said } = await deliver();
      expect(code).not.toBe(0);
      expect(said).toContain("asterisk.service does not start");
      expect(said).toMatch(/messages\.log leads over a link .*not followed; remove it/);
      expect(said).not.toContain("hostile$");
      expect(await kept()).not.toContain("hostile$");
    },
    4 * minutes,
  );

  test(
    "nor does `hardened-asterisk verify` show anything of it",
    async () => {
      const { stdout, stderr } = await execOn(pbx.sandbox, "pbx", ["hardened-asterisk", "verify"], {
        timeout: 2 * minutes,
      });
      expect(stdout + stderr).toContain("service asterisk.service");
      expect(stdout + stderr).not.toContain("hostile$");
    },
    3 * minutes,
  );

  test(
    "is made once it starts, and changes nothing elsewhere",
    async () => {
      await onHost(pbx, "sh", "-c", `rm -f ${failing}; systemctl daemon-reload; systemctl start asterisk`);
      const { code, said } = await deliver();
      expect([code, code === 0 ? "" : said]).toEqual([0, ""]);
      expect(await outside()).toBe(before);
      expect(await kept()).not.toContain("hostile$");
    },
    4 * minutes,
  );
});

describe("in the place of Asterisk's console", () => {
  const socket = "/run/asterisk/asterisk.ctl";
  const server = readFileSync(path.join(__dirname, "hardening/false-console.py"), "utf8");
  const serve = (...argv: string[]) =>
    onHost(pbx, "systemd-run", "--quiet", "--collect", "--unit=false-console", ...argv);
  afterEach(async () => {
    await execOn(pbx.sandbox, "pbx", ["systemctl", "stop", "false-console.service"]);
    await restartAsterisk();
  }, minutes);

  test(
    "a link to a socket of root's: root does not speak into it",
    async () => {
      await serve("python3", "-c", server, "/root/socket", "/root/heard", "once");
      await onHost(pbx, "sh", "-c", "until [ -S /root/socket ]; do sleep 0.1; done; chmod 700 /root/socket");
      await asAsterisk(`rm ${socket}; ln -s /root/socket ${socket}`);
      await execOn(pbx.sandbox, "pbx", ["hardened-asterisk", "phones"], { timeout: minutes });
      await execOn(pbx.sandbox, "pbx", ["hardened-asterisk", "heartbeat"], { timeout: minutes });
      expect(await onHost(pbx, "sh", "-c", "cat /root/heard; rm -f /root/socket /root/heard")).toBe("");
    },
    2 * minutes,
  );

  test(
    "a server whose answer has no end: the command ends, and takes no more than 150 MB",
    async () => {
      await asAsterisk(`rm ${socket}`);
      await serve("--uid=asterisk", "--gid=asterisk", "python3", "-c", server, socket, "/dev/null", "endless");
      await onHost(pbx, "sh", "-c", `until [ -S ${socket} ]; do sleep 0.1; done`);
      const began = Date.now();
      const { code } = await execOn(
        pbx.sandbox,
        "pbx",
        [
          "systemd-run",
          "--quiet",
          "--wait",
          "--collect",
          "-p",
          "MemoryMax=150M",
          "-p",
          "MemorySwapMax=0",
          "hardened-asterisk",
          "phones",
        ],
        { timeout: 2 * minutes },
      );
      expect(code).toBe(1);
      expect(Date.now() - began).toBeLessThan(patience);
    },
    3 * minutes,
  );
});
