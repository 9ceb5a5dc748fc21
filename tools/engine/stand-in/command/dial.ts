import type { Duplex } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";

import { Client, type ConnectConfig, type ServerHostKeyAlgorithm } from "ssh2";

import type { Connection, Endpoint } from "./inputs";
import { checkKey } from "./key";
import { KEEPALIVE, type Keepalive, watchForLoss } from "./loss";
import { repeatAfter } from "./refusal";

/** Milliseconds before the second dial, the factor for each further one, and the longest wait: those of the official provider. */
const FIRST_DELAY = 100;
const BACKOFF = 1.5;
const LONGEST_DELAY = 5_000;

/** What a dial tells while it goes on, and what ends it early. */
export interface DialOptions {
  readonly report: (line: string) => void;
  readonly signal: AbortSignal;
  /** How long a host may be silent once it is connected. Default: 150 s. */
  readonly keepalive?: Keepalive;
}

/** Signature of a line in authorized_keys form: its key type and the key itself. */
const HOST_KEY = /(?:^|\s)((?:ssh|ecdsa|sk)-[\w@.-]+)\s+([A-Za-z0-9+/]+=*)(?:\s|$)/;

/**
 * Connects to a host, through its bastion where one is given, dialling again until `dialErrorLimit` retries have failed.
 *
 * @throws Error when the limit is reached (with the last reason), when a key cannot be read, or when the engine cancels.
 */
export async function dial(connection: Connection, options: DialOptions): Promise<Client> {
  // No retry mends a key: what is wrong with one is said before the first dial.
  checkKey(connection, "connection");
  if (connection.proxy !== undefined) checkKey(connection.proxy, "connection.proxy");
  const client = await reach(connection, options);
  watchForLoss(client, connection, options.keepalive ?? KEEPALIVE);
  return client;
}

async function reach(connection: Connection, options: DialOptions): Promise<Client> {
  const config = connectConfig(connection, options.keepalive);
  if (connection.proxy === undefined) return retry("Dial", connection, options, () => connect(config));
  const bastion = connection.proxy;
  const bastionConfig = connectConfig(bastion);
  const gateway = await retry("Dial proxy", bastion, options, () => connect(bastionConfig));
  try {
    const client = await retry("Dial", connection, options, async () =>
      connect({ ...config, sock: await forward(gateway, connection) }),
    );
    client.once("close", () => gateway.end());
    return client;
  } catch (error) {
    gateway.end();
    throw error;
  }
}

/** ssh2's settings for an endpoint. @throws Error when `hostKey` is not a line in authorized_keys form. */
export function connectConfig(endpoint: Endpoint, keepalive: Keepalive = KEEPALIVE): ConnectConfig {
  const agent = endpoint.agentSocketPath ?? (process.env["SSH_AUTH_SOCK"] || undefined);
  return {
    host: endpoint.host,
    port: endpoint.port,
    username: endpoint.user,
    readyTimeout: endpoint.perDialTimeout * 1_000,
    keepaliveInterval: keepalive.interval,
    keepaliveCountMax: keepalive.limit,
    // The key before the password, as the official provider: a refused password counts as a guess on a hardened host.
    authHandler: ["none", "publickey", "password", "keyboard-interactive", "agent"],
    ...(endpoint.privateKey === undefined ? {} : { privateKey: endpoint.privateKey }),
    ...(endpoint.privateKeyPassword === undefined ? {} : { passphrase: endpoint.privateKeyPassword }),
    ...(endpoint.password === undefined ? {} : { password: endpoint.password, tryKeyboard: true }),
    ...(agent === undefined ? {} : { agent }),
    ...(endpoint.hostKey === undefined ? {} : hostKeyConfig(endpoint.hostKey)),
  };
}

function hostKeyConfig(line: string): Pick<ConnectConfig, "hostVerifier" | "algorithms"> {
  const [, type, key] = HOST_KEY.exec(line) ?? [];
  if (type === undefined || key === undefined)
    throw new Error("connection.hostKey: expected one line in authorized_keys form, such as `ssh-ed25519 AAAA…`");
  const expected = Buffer.from(key, "base64");
  return {
    // The key's own type and no other, as the official provider does: an ssh-rsa line therefore asks for SHA-1 signatures.
    algorithms: { serverHostKey: [type as ServerHostKeyAlgorithm] },
    hostVerifier: (presented: Buffer) => presented.equals(expected),
  };
}

function connect(config: ConnectConfig): Promise<Client> {
  const client = new Client();
  return new Promise((resolve, reject) => {
    client.once("ready", () => {
      client.removeAllListeners("error");
      // A connection lost later ends the command's channel; that is reported there.
      client.on("error", () => undefined);
      resolve(client);
    });
    client.once("error", (error) => {
      client.on("error", () => undefined);
      client.end();
      reject(error);
    });
    client.on("keyboard-interactive", (_name, _instructions, _language, prompts, finish) => {
      finish(prompts.map(() => config.password ?? ""));
    });
    client.connect(config);
  });
}

function forward(gateway: Client, { host, port }: Endpoint): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    gateway.forwardOut("127.0.0.1", 0, host, port, (error, channel) => {
      if (error === undefined) resolve(channel);
      else reject(error);
    });
  });
}

async function retry<T>(what: string, endpoint: Endpoint, options: DialOptions, attempt: () => Promise<T>): Promise<T> {
  const { dialErrorLimit: limit } = endpoint;
  let refusals = 0;
  for (let failures = 0, delay = FIRST_DELAY; ; delay = Math.min(delay * BACKOFF, LONGEST_DELAY)) {
    let refusalPause = 0;
    try {
      return await attempt();
    } catch (error) {
      if (isUnansweredAgent(error) && endpoint.agentSocketPath !== undefined)
        throw new Error(
          `no SSH agent answers at agentSocketPath ${endpoint.agentSocketPath}: correct it or leave it out`,
        );
      const repeat = repeatAfter(error);
      if (repeat !== undefined) refusals += 1;
      if ((limit > -1 && failures >= limit) || refusals > (repeat?.retries ?? Infinity))
        throw exhausted(endpoint, failures, error);
      refusalPause = repeat?.pause ?? 0;
    }
    failures += 1;
    options.report(`${what} ${String(failures)}/${limit === -1 ? "inf" : String(limit)} failed: retrying`);
    await pause(Math.max(delay, refusalPause), undefined, { signal: options.signal }).catch(() => {
      throw new Error(`cancelled after ${String(failures)} failed attempts to reach ${endpoint.host}`);
    });
  }
}

function isUnansweredAgent(error: unknown): boolean {
  return error instanceof Error && "level" in error && error.level === "agent";
}

function exhausted(endpoint: Endpoint, failures: number, error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error);
  const reason = message.startsWith("Host denied") ? "host key mismatch: not the key of connection.hostKey" : message;
  return new Error(
    `after ${String(failures)} failed attempts: ssh to ${endpoint.host}:${String(endpoint.port)}: ${reason}`,
  );
}
