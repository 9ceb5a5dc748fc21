import { readdirSync, readFileSync } from "node:fs";
import type { PhoneCard } from "../../components/asterisk-host-args";
import { execOn } from "../../sandbox/sandbox";
import { Installation } from "../../tools/operator/installation";
import { officeSpec, onHost } from "./scenario";

const name = "testsecrets";
const minutes = 60_000;
jest.setTimeout(minutes);
let pbx: Installation;
/** What must be nowhere: by name, so that a finding does not print the secret. */
let secrets: ReadonlyMap<string, string>;
/** Everything seen while `up` ran. */
const seen = { engine: "", host: "", here: "" };

/** A file on the host that ends the watch of its processes. */
const watchEnds = "/run/watch-ends";

/** Names of the secrets that a text holds. */
const found = (text: string) => [...secrets].filter(([, secret]) => text.includes(secret)).map(([secret]) => secret);

/**
 * Command lines of this machine's processes. Not their environments: the engine itself hands a program its decrypted
 * configuration there (PULUMI_CONFIG), readable by the same user alone.
 */
function processesHere(): string {
  const read = (pid: string, file: string) => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, "utf8");
    } catch {
      return "";
    }
  };
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map((pid) => read(pid, "cmdline"))
    .join("\n");
}

beforeAll(async () => {
  pbx = await Installation.open({ name, spec: officeSpec() });
  const watch = `rm -f ${watchEnds}; while ! [ -e ${watchEnds} ]; do cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null; sleep 0.05; done`;
  const sampler = execOn(pbx.sandbox, "pbx", ["timeout", "240", "sh", "-c", watch], { timeout: 4 * minutes + 10_000 });
  const here = setInterval(() => (seen.here += processesHere()), 100);
  const up = await pbx.stack.try([...pbx.stack.upCommand, "--logtostderr", "-v=2"]);
  clearInterval(here);
  await onHost(pbx, "touch", watchEnds);
  expect(up.code).toBe(0);
  seen.engine = up.stdout + up.stderr;
  seen.host = (await sampler).stdout;
  const cards = await pbx.stack.output<Record<string, PhoneCard>>("credentials");
  const key = readFileSync(pbx.sandbox.ssh.privateKeyFile, "utf8").split("\n")[2] ?? "";
  secrets = new Map([
    ["master secret", pbx.masterSecret],
    ["SSH key", key],
    ...Object.entries(cards).map(([phone, { password }]) => [`password of ${phone}`, password] as const),
  ]);
}, 5 * minutes);

afterAll(() => Installation.remove(name), minutes);

test("the search would find them: where they belong, they are", async () => {
  const { stdout } = await pbx.stack.try(["stack", "output", "credentials", "--show-secrets", "--stack", name]);
  expect(found(stdout)).toEqual([...secrets.keys()].filter((secret) => secret.startsWith("password")));
  expect([seen.host.includes("hardened-asterisk"), seen.here.includes("pulumi")]).toEqual([true, true]);
});

test("not in the engine's output and log up to -v=2", () => {
  expect(seen.engine).toContain("Updating");
  expect(found(seen.engine)).toEqual([]);
});

test("not in any command line here, and in no command line or environment on the host, during `up`", () => {
  expect(found(seen.host)).toEqual([]);
  expect(found(seen.here)).toEqual([]);
});

test("not in the state, and not in what preview and outputs show", async () => {
  const texts = [
    ["stack", "export", "--stack", name],
    ["preview", "--diff", "--stack", name],
    ["stack", "output", "--stack", name],
  ];
  for (const words of texts) {
    const { stdout, stderr, code } = await pbx.stack.try(words);
    expect([words[0], code, found(stdout + stderr)]).toEqual([words[0], 0, []]);
  }
});

test("not in what a failing `up` prints", async () => {
  pbx.stack.setSpec({ ...officeSpec(), admins: ["198.51.100.99/32"] });
  const refused = await pbx.stack.try([...pbx.stack.upCommand]);
  expect([refused.code === 0, refused.stdout + refused.stderr]).toEqual([
    false,
    expect.stringContaining("lock yourself out"),
  ]);
  expect(found(refused.stdout + refused.stderr)).toEqual([]);
});

test(
  "not in the host's journal, and in no file there at all",
  async () => {
    expect(found(await onHost(pbx, "journalctl", "--no-pager", "-o", "export"))).toEqual([]);
    const places = ["/etc", "/var", "/run", "/root", "/tmp", "/usr/local", "/home"];
    for (const [secret, value] of secrets) {
      const files = await execOn(pbx.sandbox, "pbx", ["grep", "-rlF", "--devices=skip", "-e", value, ...places]);
      expect([secret, files.stdout]).toEqual([secret, ""]);
    }
  },
  minutes,
);

test(
  "what the service's user could write or anybody could read holds no digest of a password",
  async () => {
    const loose = await onHost(
      pbx,
      "find",
      "/etc",
      "/var",
      "/run",
      "/tmp",
      "-xdev",
      "-type",
      "f",
      "(",
      "-user",
      "asterisk",
      "-o",
      "-perm",
      "-o=r",
      "-o",
      "-perm",
      "-o=w",
      ")",
      "-not",
      "-path",
      "/var/lib/dpkg/*",
    );
    const digests = await onHost(pbx, "grep", "-oE", "MD5:[0-9a-f]{32}", "/etc/asterisk/pjsip.conf");
    expect(digests.trim().split("\n")).toHaveLength(3);
    for (const digest of digests.trim().split("\n")) {
      const hits = await execOn(pbx.sandbox, "pbx", [
        "grep",
        "-lF",
        "-e",
        digest.slice(4),
        ...loose.trim().split("\n"),
      ]);
      expect(hits.stdout).toBe("");
    }
  },
  minutes,
);
