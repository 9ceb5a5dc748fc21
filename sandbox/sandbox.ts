import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addresses, type Addresses } from "./addresses";
import { run, type CommandOptions, type CommandResult } from "./command";
import { configureTwin, cutPower, enter, prepareHost, rebootHost, runInHost, startHost } from "./host";
import { ensureImages, type ImageName, type Images } from "./image/image";
import { cgroupRoot, checkName, layoutOf, namespaceOf, roles, stateRoot, type HostName, type Role } from "./layout";
import { namesInUse } from "./leftovers";
import { createNetwork, setRepositoryReachable } from "./network";
import { startTimeOf } from "./process";
import { requireSandbox } from "./requirements";
import { startForwarder, startRepository, startSupervisor, type SshAccess } from "./service";
import { tearDown, type Builder } from "./teardown";

/** What is asked of {@link upSandbox}. */
export interface UpOptions {
  /** 1–16 of a–z and 0–9, a letter first. Default: a random one. */
  readonly name?: string;
  /** What the host `pbx` boots. Default: `bare`. */
  readonly image?: ImageName;
  /** Whether to boot the unhardened twin too. Default: no. */
  readonly twin?: boolean;
  /** Seconds after which the sandbox ends by itself. Default: 7200. */
  readonly ttlSeconds?: number;
  /** Takes what is being done, line by line. Default: nobody. */
  readonly progress?: (line: string) => void;
  /** Aborts the start; what was made so far is removed. */
  readonly signal?: AbortSignal;
}

/** A running sandbox, as plain data. */
export interface Sandbox {
  readonly name: string;
  /** The network namespace of each role, for `ip netns exec`. */
  readonly namespaces: Record<Exclude<Role, "twin">, string> & { readonly twin?: string };
  readonly addresses: Addresses;
  /** How the operator reaches the host from this machine; the host sees {@link Addresses.operator}. */
  readonly ssh: SshAccess;
  readonly twinSsh?: SshAccess;
  /** ISO 8601, UTC. */
  readonly expiresAt: string;
}

/**
 * Boots a throw-away PBX host and the network around it. Sandboxes whose time is over are removed first.
 * Raises an `Error` when this machine cannot run one, when the name is taken, or when a step fails; nothing is then left.
 */
export async function upSandbox(options: UpOptions = {}): Promise<Sandbox> {
  const progress = options.progress ?? (() => undefined);
  const name = checkName(options.name ?? `s${randomBytes(3).toString("hex")}`);
  await requireSandbox(progress);
  await endExpired();
  const images = await ensureImages(progress, options.signal);
  claim(name);
  try {
    return await build(name, images, options, progress);
  } catch (error) {
    await tearDown(name);
    throw error;
  }
}

async function build(
  name: string,
  images: Images,
  options: UpOptions,
  progress: (line: string) => void,
): Promise<Sandbox> {
  const layout = layoutOf(name);
  const ttl = options.ttlSeconds ?? 7200;
  const expiresAt = new Date(Date.now() + ttl * 1000).toISOString();
  const hosts: HostName[] = options.twin === true ? ["pbx", "twin"] : ["pbx"];
  const present = roles.filter((role) => role !== "twin" || hosts.includes("twin"));
  for (const part of ["services", ...hosts] as const) mkdirSync(layout.cgroup(part), { recursive: true });
  startSupervisor(name, ttl);
  progress(`${name}: network of ${present.length} namespaces`);
  await run(["mount", "-t", "tmpfs", "-o", "mode=0700", "tmpfs", layout.hosts]);
  const [clientKey] = await Promise.all([makeKey(layout.clientKey), createNetwork(name, present)]);
  options.signal?.throwIfAborted();
  progress(`${name}: booting ${hosts.join(" and ")}`);
  await startRepository(name, images.repository);
  const [ssh, twinSsh] = await Promise.all(
    hosts.map((host) =>
      bootFresh(name, host, images.layers(host === "twin" ? "packages" : (options.image ?? "bare")), clientKey),
    ),
  );
  options.signal?.throwIfAborted();
  if (ssh === undefined) throw new Error("no host was booted");
  const namespaces = Object.fromEntries(
    present.map((role) => [role, namespaceOf(name, role)]),
  ) as Sandbox["namespaces"];
  const sandbox: Sandbox = { name, namespaces, addresses, ssh, ...(twinSsh && { twinSsh }), expiresAt };
  writeFileSync(`${layout.state}.new`, JSON.stringify(sandbox, undefined, 2), { mode: 0o600 });
  renameSync(`${layout.state}.new`, layout.state);
  rmSync(layout.builder);
  return sandbox;
}

async function bootFresh(name: string, host: HostName, layers: string[], authorizedKey: string): Promise<SshAccess> {
  const keyFile = join(layoutOf(name).directory, `${host}_host_ed25519`);
  const publicKey = await makeKey(keyFile);
  const hostKey = { privateKey: readFileSync(keyFile, "utf8"), publicKey };
  await prepareHost(name, host, { layers, authorizedKey, hostKey });
  if (host === "twin") await configureTwin(name);
  await startHost(name, host);
  if (host === "twin") await run(enter(name, host, ["asterisk", "-rx", "core waitfullybooted"]));
  return startForwarder(name, host, publicKey);
}

/** Ends a sandbox; does nothing when there is none of that name. Raises an `Error` naming what is left. */
export async function downSandbox(name: string): Promise<void> {
  await tearDown(checkName(name));
}

/**
 * Ends every sandbox whose name begins with `prefix` (default: all), found on the machine itself, also half-built ones.
 * Returns their names; raises an `AggregateError` when one could not be ended, after having tried all.
 */
export async function downAll(prefix = ""): Promise<string[]> {
  const names = namesInUse().filter((name) => name.startsWith(prefix));
  const results = await Promise.allSettled(names.map(tearDown));
  const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason as Error] : []));
  if (failures.length > 0) throw new AggregateError(failures, failures.map(({ message }) => message).join("\n"));
  return names;
}

/** The sandboxes that are up, in the order of their names. */
export function listSandboxes(): Promise<Sandbox[]> {
  const names = existsSync(stateRoot) ? readdirSync(stateRoot).sort() : [];
  return Promise.resolve(names.flatMap((name) => read(name) ?? []));
}

/** A running sandbox by its name; raises an `Error` that names the running ones when it is none of them. */
export async function openSandbox(name: string): Promise<Sandbox> {
  const sandbox = read(checkName(name));
  if (sandbox !== undefined) return sandbox;
  const running = (await listSandboxes()).map((one) => one.name).join(", ") || "none";
  throw new Error(`there is no sandbox ${name}; running: ${running}`);
}

/** Runs a command inside a host as root, whatever the state of its SSH server and firewall; the status may be any. */
export function execOn(
  sandbox: Sandbox,
  host: HostName,
  argv: readonly string[],
  options?: CommandOptions,
): Promise<CommandResult> {
  return runInHost(sandbox.name, host, argv, options);
}

/** Cuts a host's power: every process of it ends at once, its files stay. */
export function killHost(sandbox: Sandbox, host: HostName): Promise<void> {
  return cutPower(sandbox.name, host);
}

/** Boots a host again with the files it had; raises an `Error` when it is running. Its packet filter starts empty. */
export function bootHost(sandbox: Sandbox, host: HostName): Promise<void> {
  return rebootHost(sandbox.name, host);
}

/** Switches the package repository on or off for both hosts; switched off, it answers "host unreachable". */
export function aptReachable(sandbox: Sandbox, reachable: boolean): Promise<void> {
  return setRepositoryReachable(sandbox.name, reachable);
}

function claim(name: string): void {
  const layout = layoutOf(name);
  mkdirSync(stateRoot, { recursive: true, mode: 0o700 });
  try {
    mkdirSync(layout.directory, { mode: 0o700 });
  } catch (error) {
    throw new Error(`there is a sandbox ${name} already: end it with \`npm run sandbox -- down ${name}\``, {
      cause: error,
    });
  }
  const builder: Builder = { pid: process.pid, started: startTimeOf(process.pid) };
  writeFileSync(layout.builder, JSON.stringify(builder));
  mkdirSync(layout.hosts);
  mkdirSync(cgroupRoot(), { recursive: true });
}

async function endExpired(): Promise<void> {
  for (const { name, expiresAt } of await listSandboxes()) if (Date.parse(expiresAt) < Date.now()) await tearDown(name);
}

function read(name: string): Sandbox | undefined {
  try {
    return JSON.parse(readFileSync(layoutOf(name).state, "utf8")) as Sandbox;
  } catch {
    return undefined;
  }
}

async function makeKey(file: string): Promise<string> {
  await run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", file]);
  return readFileSync(`${file}.pub`, "utf8").trim();
}
