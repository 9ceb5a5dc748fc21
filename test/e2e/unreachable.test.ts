import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { stringify } from "yaml";
import { run } from "../../sandbox/command";
import { ensureEngine } from "../../tools/engine/engine";
import { PbxStack } from "../../tools/operator/stack";
import { freePort, prepareSshServer, type SshServer } from "../engine/ssh-server";
import { officeSpec } from "./scenario";

const name = "testunreach";
const passphrase = "a passphrase of this test";
/** Milliseconds for an `up` whose machine answers wrongly: far above what it takes, far below the five minutes it may. */
const soon = 90_000;
let folder: string;
let stack: PbxStack;
let sshd: SshServer;

/** One `up` with other settings; those of a machine that refuses every command by itself are kept otherwise. */
async function up(settings: Record<string, unknown>) {
  const usual = { "pbx:host": "127.0.0.1", "pbx:port": sshd.port, "pbx:hostKey": sshd.connection["hostKey"] };
  stack.editConfig({ ...usual, "pbx:user": userInfo().username, "pbx:waitSeconds": undefined, ...settings });
  const start = Date.now();
  const { code, stdout, stderr } = await stack.try([...stack.upCommand]);
  expect(code).not.toBe(0);
  return { said: stdout + stderr, took: Date.now() - start };
}

/** Sets a secret as the page says; undefined takes it away. */
async function setSecret(key: string, value: string | undefined): Promise<void> {
  const { code, stderr } = await stack.try(
    value === undefined ? ["config", "rm", key, "--stack", name] : ["config", "set", "--secret", key, "--stack", name],
    value,
  );
  if (code !== 0) throw new Error(stderr);
}

async function key(file: string, words: string): Promise<string> {
  const at = path.join(folder, file);
  await run(["ssh-keygen", "-q", "-t", "ed25519", "-N", words, "-C", "", "-f", at]);
  return readFileSync(at, "utf8");
}

beforeAll(async () => {
  process.env.PULUMI_NODEJS_TRANSPILE_ONLY = "true";
  folder = mkdtempSync(path.join(tmpdir(), "hardened-asterisk-unreachable-"));
  // Whoever logs in is refused every command: nothing of this test may configure the machine it runs on.
  sshd = await prepareSshServer(path.join(folder, "sshd"), ["ForceCommand echo refused by this test; exit 1"]);
  await sshd.start();
  const privateKeyFile = path.join(folder, "key");
  writeFileSync(privateKeyFile, sshd.privateKey);
  const target = { host: "127.0.0.1", port: sshd.port, hostKey: String(sshd.connection["hostKey"]), privateKeyFile };
  const masterSecret = "0123456789abcdefghijklmnopqrstuvwxyz";
  stack = await PbxStack.open({ engine: await ensureEngine(), name, folder, target, masterSecret });
  stack.setSpec(officeSpec());
}, 300_000);

afterAll(async () => {
  await sshd.stop();
  rmSync(PbxStack.configFile(name), { force: true });
  rmSync(folder, { recursive: true, force: true });
});

test("a machine that answers and refuses the command: its own words, and nothing about the connection", async () => {
  const { said, took } = await up({});
  expect(said).toContain("refused by this test");
  expect(said).not.toMatch(/connection\.\w+:/);
  expect(took).toBeLessThan(soon);
}, 120_000);

test("nothing listens: address, port and cure at the first try, and an end when the time is over", async () => {
  const port = await freePort();
  const { said, took } = await up({ "pbx:port": port, "pbx:waitSeconds": 5 });
  const words = `connection\\.host: 127\\.0\\.0\\.1:${port} refuses the connection.*check the address and the port`;
  expect(said).toMatch(new RegExp(`warning: ${words}.*trying for \\d s more`));
  expect(said).toMatch(new RegExp(`error: .*${words}.*nothing else was seen for 5 s; run pulumi up again`));
  expect(took).toBeLessThan(soon);
}, 120_000);

test("packets that nobody answers: the same", async () => {
  const full = await fullServer();
  const { said } = await up({ "pbx:port": full.port, "pbx:waitSeconds": 12 });
  full.close();
  const words = `connection\\.host: no answer from 127\\.0\\.0\\.1:${full.port}; check .*security group`;
  expect(said).toMatch(new RegExp(`warning: ${words}.*trying for \\d s more`));
  expect(said).toMatch(new RegExp(`error: .*${words}`));
}, 120_000);

test("Ctrl-C while the machine is waited for ends `up` soon", async () => {
  const port = await freePort();
  stack.editConfig({ "pbx:port": port, "pbx:waitSeconds": undefined });
  const [program = "", ...args] = stack.argv([...stack.upCommand]);
  const child = spawn(program, args, { env: stack.env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve) => child.once("close", resolve));
  let said = "";
  await new Promise<void>((resolve) => {
    child.once("close", () => {
      resolve();
    });
    child.stdout.on("data", (data: Buffer) => {
      said += data.toString();
      if (said.includes("refuses the connection")) resolve();
    });
  });
  const start = Date.now();
  child.kill("SIGINT");
  await ended;
  expect(said).toContain(`127.0.0.1:${port} refuses the connection`);
  expect(Date.now() - start).toBeLessThan(soon);
}, 400_000);

test("another host key: refused soon, with what it may mean", async () => {
  const { said, took } = await up({ "pbx:hostKey": sshd.otherHostKey });
  expect(said).toMatch(
    new RegExp(`error: connection\\.hostKey: \\w+@127\\.0\\.0\\.1:${sshd.port} does not show this key`),
  );
  expect(took).toBeLessThan(soon);
}, 120_000);

test("a key that the machine does not accept: refused soon, with user, address and cure", async () => {
  await setSecret("pbx:privateKey", await key("stranger", ""));
  const { said, took } = await up({});
  await setSecret("pbx:privateKey", sshd.privateKey);
  expect(said).toMatch(
    new RegExp(`error: connection\\.privateKey: \\w+@127\\.0\\.0\\.1:${sshd.port} refuses this key.*authorized_keys`),
  );
  expect(took).toBeLessThan(soon);
}, 120_000);

test("a key with a passphrase: asked for at once; a wrong one is told; the right one logs in", async () => {
  const guarded = path.join(folder, "guarded");
  writeFileSync(guarded, sshd.privateKey, { mode: 0o600 });
  await run(["ssh-keygen", "-q", "-p", "-P", "", "-N", passphrase, "-f", guarded]);
  await setSecret("pbx:privateKey", readFileSync(guarded, "utf8"));
  const without = await up({});
  expect(without.said).toMatch(
    /connection\.privateKey: has a passphrase; .*pulumi config set --secret pbx:privateKeyP/,
  );
  await setSecret("pbx:privateKeyPassword", "not that one");
  expect((await up({})).said).toMatch(/connection\.privateKeyPassword:? is not the passphrase/);
  await setSecret("pbx:privateKeyPassword", passphrase);
  const right = await up({});
  await setSecret("pbx:privateKeyPassword", undefined);
  await setSecret("pbx:privateKey", sshd.privateKey);
  expect(right.said).toContain("refused by this test");
  for (const { said } of [without, right]) expect(said).not.toContain(passphrase);
}, 240_000);

test("a spec at the left edge of the stack's file is told, with the line and the cure", async () => {
  const file = PbxStack.configFile(name);
  const before = readFileSync(file, "utf8");
  writeFileSync(file, `${before}\n${stringify({ "pbx:spec": officeSpec() })}`);
  const { code, stdout, stderr } = await stack.try(["preview", "--stack", name]);
  writeFileSync(file, before);
  expect(code).not.toBe(0);
  const line = before.split("\n").length + 1;
  expect(stdout + stderr).toMatch(
    new RegExp(`Pulumi\\.${name}\\.yaml: pbx:spec \\(line ${line}\\) .*ignored by Pulumi; move it below \`config:\``),
  );
}, 120_000);

/** A listener whose queue is full: the kernel drops every further SYN, as a packet filter does. */
async function fullServer(): Promise<{ port: number; close: () => void }> {
  const port = await freePort();
  const script = `import socket,sys
s=socket.socket(); s.bind(("127.0.0.1",${port})); s.listen(0)
c=[]
for _ in range(8):
    k=socket.socket(); k.setblocking(False); k.connect_ex(("127.0.0.1",${port})); c.append(k)
print("full",flush=True); sys.stdin.read()`;
  const child = spawn("python3", ["-c", script], { stdio: ["pipe", "pipe", "inherit"] });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  return { port, close: () => void child.stdin.end() };
}
