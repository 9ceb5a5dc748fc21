import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addresses, type Addresses } from "./addresses";
import { run, type CommandOptions, type CommandResult } from "./command";
import { cutPower, discardHost, prepareHost, rebootHost, runInHost, startHost } from "./host";
import { ensureImages, type Images } from "./image/image";
import {
  cgroupRoot,
  checkName,
  isTwin,
  layoutOf,
  namespaceOf,
  roles,
  stateRoot,
  type HostName,
  type Role,
  type TwinHost,
} from "./layout";
import { enterInLedger, markWithLedger } from "./ledger";
import { namesInUse } from "./leftovers";
import { createNetwork, renewNamespace, setRepositoryReachable } from "./network";
import { startTimeOf } from "./process";
import { requireSandbox } from "./requirements";
import { startForwarder, startRepository, startSupervisor, type SshAccess } from "./service";
import { tearDown, type Builder } from "./teardown";
import { firstVariant, layVariant, variants, waitForTwin, type VariantName } from "./twin";
import { hostsOf, imageOf, imagesOf, type UpOptions } from "./up-options";

/** A running sandbox, as plain data. */
export interface Sandbox {
  readonly name: string;
  /** The network namespace of each role, for `ip netns exec`. */
  readonly namespaces: Record<Exclude<Role, TwinHost>, string> & { readonly [twin in TwinHost]?: string };
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
  const images = await ensureImages(imagesOf(options), progress, options.signal);
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
  const hosts = hostsOf(options);
  const present = roles.filter((role) => !isTwin(role) || hosts.includes(role));
  for (const part of ["services", ...hosts] as const) mkdirSync(layout.cgroup(part), { recursive: true });
  startSupervisor(name, ttl);
  progress(`${name}: network of ${present.length} namespaces`);
  await run(["mount", "-t", "tmpfs", "-o", "mode=0700", "tmpfs", layout.hosts]);
  const [clientKey] = await Promise.all([makeKey(layout.clientKey), createNetwork(name, present)]);
  options.signal?.throwIfAborted();
  progress(`${name}: booting ${hosts.join(" and ")}`);
  await startRepository(name, images.repository(imageOf("pbx", options)));
  const access = await Promise.all(
    hosts.map((host) => bootFresh(name, host, images.layers(imageOf(host, options)), clientKey)),
  );
  options.signal?.throwIfAborted();
  const [ssh] = access;
  if (ssh === undefined) throw new Error("no host was booted");
  const twinSsh = access[hosts.indexOf("twin")];
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
  const keyFile = hostKeyFile(name, host);
  const publicKey = await makeKey(keyFile);
  await prepareHost(name, host, { layers, authorizedKey, hostKey: readKey(keyFile) });
  if (isTwin(host)) await layVariant(name, firstVariant[host]);
  await startHost(name, host);
  if (isTwin(host)) await waitForTwin(name, host);
  return startForwarder(name, host, publicKey);
}

/**
 * Boots the twin of a variant afresh from its image, as that variant; what was done to it before is gone. Raises an `Error` when
 * the sandbox was brought up without that twin.
 */
export async function bootTwin({ name, namespaces }: Sandbox, variant: VariantName): Promise<void> {
  const { host, image } = variants[variant];
  if (namespaces[host] === undefined) throw new Error(`the sandbox ${name} has no ${host}`);
  const images = await ensureImages([image], () => undefined);
  const authorizedKey = readFileSync(`${layoutOf(name).clientKey}.pub`, "utf8").trim();
  await discardHost(name, host);
  await renewNamespace(name, host);
  await prepareHost(name, host, {
    layers: images.layers(image),
    authorizedKey,
    hostKey: readKey(hostKeyFile(name, host)),
  });
  await layVariant(name, variant);
  await startHost(name, host);
  await waitForTwin(name, host);
}

function hostKeyFile(name: string, host: HostName): string {
  return join(layoutOf(name).directory, `${host}_host_ed25519`);
}

function readKey(file: string): { privateKey: string; publicKey: string } {
  return { privateKey: readFileSync(file, "utf8"), publicKey: readFileSync(`${file}.pub`, "utf8").trim() };
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

/** Switches the package repository on or off for all hosts; switched off, it answers "host unreachable". */
export function aptReachable(sandbox: Sandbox, reachable: boolean): Promise<void> {
  return setRepositoryReachable(sandbox.name, reachable);
}

function claim(name: string): void {
  const layout = layoutOf(name);
  mkdirSync(stateRoot, { recursive: true, mode: 0o700 });
  // Before anything is there: what is killed between two steps must be found.
  enterInLedger(name);
  try {
    mkdirSync(layout.directory, { mode: 0o700 });
  } catch (error) {
    throw new Error(`there is a sandbox ${name} already: end it with \`npm run sandbox -- down ${name}\``, {
      cause: error,
    });
  }
  markWithLedger(name);
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
