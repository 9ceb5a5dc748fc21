import { appendFileSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { addresses } from "./addresses";
import { inNamespace, tryRun } from "./command";
import { until } from "./host";
import { cgroupRoot, layoutOf, namespaceFile, namespaceOf, type HostName } from "./layout";
import { startService, tailOf } from "./process";

/** How to log in on a host. */
export interface SshAccess {
  readonly host: "127.0.0.1";
  readonly port: number;
  readonly user: "root";
  /** An OpenSSH ed25519 key, mode 0600. */
  readonly privateKeyFile: string;
  /** For `ssh -o UserKnownHostsFile=…`; holds {@link SshAccess.hostKey}. */
  readonly knownHostsFile: string;
  /** `ssh-ed25519 AAAA…`, without a comment. */
  readonly hostKey: string;
}

/** Starts the timer that ends the sandbox after `seconds`. */
export function startSupervisor(name: string, seconds: number): void {
  const down = [process.execPath, require.resolve("tsx/cli"), join(__dirname, "cli.ts"), "down", name];
  start(name, "supervisor", ["sh", join(__dirname, "supervisor.sh"), `${seconds}`, dirname(cgroupRoot()), ...down]);
}

/** Starts the package repository's web server in the namespace `internet` and waits until it answers. */
export async function startRepository(name: string, directory: string): Promise<void> {
  const server = [process.execPath, join(__dirname, "repository-server.mjs"), directory, addresses.repository];
  start(name, "repository", inside(name, "internet", server));
  const probe = inNamespace(namespaceOf(name, "internet"), [
    "socat",
    "-u",
    "OPEN:/dev/null",
    `TCP:${addresses.repository}:80`,
  ]);
  await ready(name, "repository", async () => ((await tryRun(probe)).code === 0 ? undefined : "no answer"));
}

/**
 * Starts the forwarder from a free port of 127.0.0.1 to a host's SSH server, through the operator's namespace, and waits until the
 * server greets.
 */
export async function startForwarder(name: string, host: HostName, hostKey: string): Promise<SshAccess> {
  const port = await freePort();
  const there = `TCP:${addresses[host]}:22,bind=${addresses.operator}`;
  const onward = inside(name, "operator", ["socat", "STDIO", there]).join(" ");
  start(name, `forwarder-${host}`, ["socat", `TCP-LISTEN:${port},bind=127.0.0.1,reuseaddr,fork`, `EXEC:"${onward}"`]);
  await ready(name, `forwarder-${host}`, () => greeting(port));
  const { clientKey, knownHosts } = layoutOf(name);
  appendFileSync(knownHosts, `[127.0.0.1]:${port} ${hostKey}\n`, { mode: 0o600 });
  return { host: "127.0.0.1", port, user: "root", privateKeyFile: clientKey, knownHostsFile: knownHosts, hostKey };
}

function start(name: string, service: string, argv: readonly string[]): void {
  const layout = layoutOf(name);
  startService(argv, { sandbox: name, cgroup: layout.cgroup("services"), log: layout.log(service) });
}

/** Unlike `ip netns exec`, this makes no mount namespace, which would keep other sandboxes' mounts alive. */
function inside(name: string, role: "internet" | "operator", argv: readonly string[]): string[] {
  return ["nsenter", `--net=${namespaceFile(namespaceOf(name, role))}`, ...argv];
}

async function ready(name: string, service: string, ask: () => Promise<string | undefined>): Promise<void> {
  const last = await until(10_000, ask);
  if (last === undefined) return;
  const log = tailOf(layoutOf(name).log(service));
  throw new Error(`the ${service} of sandbox ${name} does not answer (${last}); the end of its log:\n${log}`);
}

/** Undefined once an SSH server greets at the port of 127.0.0.1, otherwise what came instead. */
function greeting(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const done = (answer: string | undefined) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(2000, () => {
      done("silence");
    });
    socket.once("error", (error) => {
      done(error.message);
    });
    socket.once("close", () => {
      done("closed");
    });
    socket.once("data", (data) => {
      done(data.toString().startsWith("SSH-2.0-") ? undefined : "no SSH greeting");
    });
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}
