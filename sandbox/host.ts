import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { randomBytes } from "node:crypto";
import { run, tryRun, type CommandOptions, type CommandResult } from "./command";
import { layoutOf, namespaceOf, stateRoot, type HostName } from "./layout";
import { renewNamespace } from "./network";
import { initOf, membersOf, removeCgroup, startService, tailOf } from "./process";

/** What is written into a host before its first boot. */
export interface HostIdentity {
  /** The image's overlay layers, the uppermost first. */
  readonly layers: readonly string[];
  /** A line of authorized_keys. */
  readonly authorizedKey: string;
  /** The OpenSSH private host key and its public line. */
  readonly hostKey: { readonly privateKey: string; readonly publicKey: string };
}

/** Lays a fresh overlay over an image and gives the host its name and its keys. */
export async function prepareHost(name: string, host: HostName, identity: HostIdentity): Promise<void> {
  const place = layoutOf(name).host(host);
  for (const directory of Object.values(place)) mkdirSync(directory, { recursive: true, mode: 0o755 });
  // Without redirect_dir a directory of the image cannot be renamed (EXDEV), which no real host refuses.
  const options = `lowerdir=${identity.layers.join(":")},upperdir=${place.upper},workdir=${place.work},redirect_dir=on`;
  await run(["mount", "-t", "overlay", "overlay", "-o", options, place.root]);
  const write = (path: string, content: string, mode = 0o644) => {
    writeFileSync(join(place.root, path), content);
    chmodSync(join(place.root, path), mode);
  };
  write("etc/hostname", `${host}\n`);
  write("etc/hosts", `127.0.0.1 localhost ${host}\n::1 localhost\n`);
  // No name server at all: look-ups fail at once instead of after a time-out.
  write("etc/resolv.conf", "options timeout:1 attempts:1\n");
  write("etc/machine-id", `${randomBytes(16).toString("hex")}\n`);
  mkdirSync(join(place.root, "root/.ssh"), { recursive: true, mode: 0o700 });
  write("root/.ssh/authorized_keys", `${identity.authorizedKey}\n`, 0o600);
  write("etc/ssh/ssh_host_ed25519_key", identity.hostKey.privateKey, 0o600);
  write("etc/ssh/ssh_host_ed25519_key.pub", `${identity.hostKey.publicKey}\n`);
}

/** Ends a host and forgets everything that was written on it since {@link prepareHost}. */
export async function discardHost(name: string, host: HostName): Promise<void> {
  await cutPower(name, host);
  const place = layoutOf(name).host(host);
  await run(["umount", place.root]);
  for (const directory of Object.values(place)) rmSync(directory, { recursive: true, force: true });
}

/** Boots a host and waits (20 s at most) until systemd has started every unit; raises an `Error` with its console otherwise. */
export async function startHost(name: string, host: HostName): Promise<void> {
  const layout = layoutOf(name);
  const cgroup = layout.cgroup(host);
  // A control group that was killed once is not used again: services of the next boot were seen to be killed in it.
  removeCgroup(cgroup);
  mkdirSync(cgroup, { recursive: true });
  const argv = ["unshare", "--mount", "--propagation", "slave", "sh", join(__dirname, "boot-host.sh")];
  startService([...argv, layout.host(host).root, namespaceOf(name, host), host, stateRoot], {
    sandbox: name,
    cgroup,
    log: layout.log(host),
  });
  const last = await until(20_000, async () => {
    if (initOf(cgroup) === undefined) return "no systemd process";
    const state = await tryRun(enter(name, host, ["systemctl", "is-system-running", "--wait"]), { timeout: 20_000 });
    return /^(running|degraded)$/.test(state.stdout.trim()) ? undefined : state.stdout + state.stderr;
  });
  if (last === undefined) return;
  const log = tailOf(layout.log(host));
  throw new Error(`the host ${host} of sandbox ${name} did not boot (${last.trim()}); the end of its console:\n${log}`);
}

/** Ends every process of a host at once, as a power cut does, and keeps its files. */
export async function cutPower(name: string, host: HostName): Promise<void> {
  const cgroup = layoutOf(name).cgroup(host);
  writeFileSync(join(cgroup, "cgroup.kill"), "1");
  const left = await until(10_000, () => Promise.resolve(membersOf(cgroup).length > 0 ? "processes" : undefined));
  if (left !== undefined)
    throw new Error(`the host ${host} of sandbox ${name} still has processes: ${membersOf(cgroup).join(", ")}`);
}

/** Boots a host again with the files it had, in an empty network namespace; raises an `Error` when it is running. */
export async function rebootHost(name: string, host: HostName): Promise<void> {
  if (membersOf(layoutOf(name).cgroup(host)).length > 0) {
    throw new Error(`the host ${host} of sandbox ${name} is already running`);
  }
  await renewNamespace(name, host);
  await startHost(name, host);
}

/** Runs a command inside a host, as root, whatever the state of its SSH server, firewall and systemd. */
export async function runInHost(
  name: string,
  host: HostName,
  argv: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return tryRun(enter(name, host, argv), options);
}

/** The command line that runs `argv` inside a booted host; raises an `Error` when it is switched off. */
export function enter(name: string, host: HostName, argv: readonly string[]): string[] {
  const init = initOf(layoutOf(name).cgroup(host));
  if (init === undefined) throw new Error(`the host ${host} of sandbox ${name} is switched off`);
  const environment = [
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME=/root",
    "LANG=C.UTF-8",
    `TERM=${process.env.TERM ?? "dumb"}`,
  ];
  const spaces = ["--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--root", "--wd"];
  return ["nsenter", `--target=${init}`, ...spaces, "--", "/usr/bin/env", "-i", ...environment, ...argv];
}

/** Asks until the answer is undefined, or the time (milliseconds) is over; then returns the last answer. */
export async function until<T>(timeout: number, ask: () => Promise<T | undefined>): Promise<T | undefined> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const answer = await ask();
    if (answer === undefined || Date.now() > deadline) return answer;
    await pause(30);
  }
}
