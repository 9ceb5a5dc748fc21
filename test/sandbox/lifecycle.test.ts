import { spawn } from "node:child_process";
import { join } from "node:path";
import { tryRun } from "../../sandbox/command";
import { until } from "../../sandbox/host";
import { layoutOf } from "../../sandbox/layout";
import { countLeftovers } from "../../sandbox/leftovers";
import { membersOf } from "../../sandbox/process";
import { missingPackages } from "../../sandbox/requirements";
import { downAll, downSandbox, listSandboxes, openSandbox, upSandbox } from "../../sandbox/sandbox";

// Only sandboxes of this run are touched: others may be running on this machine.
const prefix = `t${process.pid}x`;
const cli = [process.execPath, require.resolve("tsx/cli"), join(__dirname, "../../sandbox/cli.ts")];

jest.setTimeout(120_000);
afterAll(() => downAll(prefix));

const kinds = async (name: string) =>
  [...new Set((await countLeftovers(name)).map((line) => line.split(" ")[0]))].sort();
const allKinds = ["cgroup", "file", "mount", "namespace", "process"];

it("leaves nothing after down, and is found on the machine while it is up", async () => {
  const links = async () => (await tryRun(["ip", "-o", "link"])).stdout.replace(/ qlen \d+/g, "");
  const before = await links();
  const { name } = await upSandbox({ name: `${prefix}a` });
  expect(await kinds(name)).toEqual(allKinds);
  expect((await listSandboxes()).map((one) => one.name)).toContain(name);
  expect(await links()).toBe(before);
  await expect(upSandbox({ name })).rejects.toThrow(`there is a sandbox ${name} already`);
  await downSandbox(name);
  expect(await countLeftovers(name)).toEqual([]);
  await expect(openSandbox(name)).rejects.toThrow(`there is no sandbox ${name}`);
});

it("runs two at once, each with its own namespaces and port", async () => {
  const [one, two] = await Promise.all([upSandbox({ name: `${prefix}b` }), upSandbox({ name: `${prefix}c` })]);
  expect(one.ssh.port).not.toBe(two.ssh.port);
  expect(one.ssh.hostKey).not.toBe(two.ssh.hostKey);
  await downSandbox(one.name);
  expect(await countLeftovers(one.name)).toEqual([]);
  expect(await kinds(two.name)).toEqual(allKinds);
  expect((await tryRun([...cli, "exec", two.name, "pbx", "--", "systemctl", "is-system-running"])).stdout).toBe(
    "running\n",
  );
  await downSandbox(two.name);
  expect(await countLeftovers(two.name)).toEqual([]);
});

it("leaves nothing after its own processes were killed", async () => {
  const { name } = await upSandbox({ name: `${prefix}d` });
  const services = membersOf(layoutOf(name).cgroup("services"));
  expect(services.length).toBeGreaterThanOrEqual(3);
  // Some end along with the process that started them.
  await tryRun(["kill", "-KILL", ...services.map(String)]);
  expect(await downAll(name)).toEqual([name]);
  expect(await countLeftovers(name)).toEqual([]);
});

it.each(["network of", "booting", "is up"])("leaves nothing after `up` was killed at «%s»", async (moment) => {
  const name = `${prefix}e`;
  const up = spawn(cli[0] ?? "", [...cli.slice(1), "up", "--name", name], {
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  const ended = new Promise((resolve) => up.once("exit", resolve));
  await new Promise<void>((resolve, reject) => {
    up.stdout.on("data", (data: Buffer) => {
      if (data.toString().includes(moment)) resolve();
    });
    up.once("exit", () => {
      reject(new Error(`up ended before it said «${moment}»`));
    });
  });
  // tsx runs the program in a child of its own: the whole group.
  process.kill(-(up.pid ?? 0), "SIGKILL");
  await ended;
  expect((await countLeftovers(name)).length).toBeGreaterThan(0);
  expect(await downAll(name)).toEqual([name]);
  expect(await countLeftovers(name)).toEqual([]);
});

it("removes what it made when `up` is interrupted", async () => {
  const name = `${prefix}f`;
  const up = spawn(cli[0] ?? "", [...cli.slice(1), "up", "--name", name], { stdio: ["ignore", "pipe", "ignore"] });
  up.stdout.on("data", (data: Buffer) => {
    if (data.toString().includes("booting")) up.kill("SIGINT");
  });
  const code = await new Promise((resolve) => up.once("exit", resolve));
  expect(code).not.toBe(0);
  expect(await countLeftovers(name)).toEqual([]);
});

it("refuses to end what another process is just bringing up", async () => {
  const name = `${prefix}g`;
  const up = spawn(cli[0] ?? "", [...cli.slice(1), "up", "--name", name], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise<void>((resolve) => {
    up.stdout.on("data", (data: Buffer) => {
      if (data.toString().includes("network of")) resolve();
    });
  });
  const early = downSandbox(name);
  await expect(early).rejects.toThrow("is just being brought up by process");
  expect(await new Promise((resolve) => up.once("exit", resolve))).toBe(0);
  await downSandbox(name);
  expect(await countLeftovers(name)).toEqual([]);
});

it("ends by itself when its time is over", async () => {
  const { name, expiresAt } = await upSandbox({ name: `${prefix}h`, ttlSeconds: 5 });
  expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(5000);
  const left = await until(30_000, async () => (await countLeftovers(name)).join("\n") || undefined);
  expect(left).toBeUndefined();
});

it("says in one sentence why it cannot run, and what does instead", async () => {
  const nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
  const { code, stderr } = await tryRun([...nobody, ...cli, "up"], { env: { ...process.env, HOME: "/nonexistent" } });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^The sandbox needs root; .*Any Debian machine that is reachable by SSH/);
  expect(stderr.trim().split("\n")).toHaveLength(1);
});

it("names the Debian packages whose commands are not there", () => {
  expect(missingPackages()).toEqual([]);
  expect(missingPackages("/nonexistent", [])).toEqual(
    expect.arrayContaining(["mmdebstrap", "systemd-container", "socat"]),
  );
});

it.each(["Demo", "1x", "a-b", "", "pbx", "averyveryverylongname", "../x"])("refuses the name «%s»", async (name) => {
  await expect(upSandbox({ name })).rejects.toThrow("is not usable");
});
