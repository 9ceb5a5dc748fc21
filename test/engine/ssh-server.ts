import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { run } from "../../sandbox/command";
import { installPackages, packagesOfMissing } from "../../sandbox/requirements";

/** A real OpenSSH server on a port of 127.0.0.1, with throw-away ed25519 keys, for the current user. */
export interface SshServer {
  /** What a remote command needs to reach it; one dial, no retry. */
  readonly connection: Record<string, string | number>;
  readonly port: number;
  /** The text of the client's private key. */
  readonly privateKey: string;
  /** The same key, protected by {@link passphrase}. */
  readonly protectedKey: string;
  readonly passphrase: string;
  /** The public half of a key the server does not have. */
  readonly otherHostKey: string;
  /** Starts listening. @throws Error with the server's own words when it does not come up within 10 s. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** The passphrase of a key that protects nothing but these tests. */
const PASSPHRASE = "open only for a test";

/**
 * Makes the keys and the settings of a server in `folder` and chooses its port; it does not listen yet.
 * @param settings further lines of sshd_config. Default: none.
 */
export async function prepareSshServer(folder: string, settings: readonly string[] = []): Promise<SshServer> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of ["host", "client", "other"])
    await run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", join(folder, name)]);
  copyFileSync(join(folder, "client"), join(folder, "protected"));
  await run(["ssh-keygen", "-q", "-p", "-P", "", "-N", PASSPHRASE, "-f", join(folder, "protected")]);
  const text = (name: string): string => readFileSync(join(folder, name), "utf8");
  const port = await freePort();
  writeFileSync(join(folder, "config"), [...settings, configuration(folder, port)].join("\n"));
  const privateKey = text("client");
  const hostKey = text("host.pub").trim();
  let server: ChildProcess | undefined;
  return {
    connection: { host: "127.0.0.1", port, user: userInfo().username, privateKey, hostKey, dialErrorLimit: 0 },
    port,
    privateKey,
    protectedKey: text("protected"),
    passphrase: PASSPHRASE,
    otherHostKey: text("other.pub").trim(),
    start: async () => {
      server = await listen(join(folder, "config"), port);
    },
    stop: async () => {
      if (server === undefined || server.exitCode !== null) return;
      const ended = new Promise((resolve) => server?.once("close", resolve));
      server.kill("SIGTERM");
      await ended;
    },
  };
}

async function listen(config: string, port: number): Promise<ChildProcess> {
  await installPackages(packagesOfMissing({ sshd: "openssh-server" }), () => undefined);
  // Where sshd was never started as a service, the folder Debian's sshd insists on is missing.
  if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
  const server = spawn("/usr/sbin/sshd", ["-D", "-e", "-f", config], { stdio: ["ignore", "ignore", "pipe"] });
  let words = "";
  server.stderr.on("data", (data: Buffer) => (words += data.toString()));
  server.once("error", (error) => (words += error.message));
  const deadline = Date.now() + 10_000;
  while (!(await answers(port))) {
    if (Date.now() > deadline || server.exitCode !== null || server.pid === undefined)
      throw new Error(`sshd (package openssh-server) does not answer on port ${String(port)}: ${words}`);
    await pause(50);
  }
  return server;
}

function configuration(folder: string, port: number): string {
  return [
    `Port ${String(port)}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${join(folder, "host")}`,
    `AuthorizedKeysFile ${join(folder, "client.pub")}`,
    `PidFile ${join(folder, "pid")}`,
    "StrictModes no",
    "PermitRootLogin prohibit-password",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "UsePAM no",
    "AcceptEnv GREETING PULUMI_COMMAND_STDOUT",
    "Subsystem sftp internal-sftp",
    "",
  ].join("\n");
}

/** A port of 127.0.0.1 nothing listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    socket.once("data", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => {
      resolve(false);
    });
  });
}
