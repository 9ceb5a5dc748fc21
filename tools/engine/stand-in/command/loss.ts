import type { Client } from "ssh2";

import type { Endpoint } from "./inputs";

/** Milliseconds between two questions to a silent host, and how many may stay unanswered. */
export interface Keepalive {
  readonly interval: number;
  readonly limit: number;
}

/**
 * 150 s of silence: as long as the official provider waits (Go's TCP keepalive asks after 15 s, then nine times every 15 s).
 * The questions are SSH's own, not TCP's, so that a bastion in between does not answer them in the host's place.
 */
export const KEEPALIVE: Keepalive = { interval: 15_000, limit: 9 };

const losses = new WeakMap<Client, Error>();

/** Notes, from now on, why the connection to a host ends when this side did not end it. */
export function watchForLoss(client: Client, { host, port }: Endpoint, { interval, limit }: Keepalive): void {
  const at = `${host}:${String(port)}`;
  const lost = (reason: string): void => {
    if (!losses.has(client))
      losses.set(
        client,
        new Error(`the SSH connection to ${at} was lost: ${reason}; the next \`up\` goes on from there`),
      );
  };
  const seconds = Math.round((interval * (limit + 1)) / 1_000);
  client.on("error", (error) => {
    const silent = "level" in error && error.level === "client-timeout";
    lost(silent ? `${host} has not answered for ${String(seconds)} seconds` : error.message);
  });
  client.on("close", () => {
    lost(`${host} closed it`);
  });
}

/** Why the connection ended before its work; undefined while it stands. */
export function lostConnection(client: Client): Error | undefined {
  return losses.get(client);
}

/** Waits for work on a connection, and no longer than it stands: ssh2 leaves what is asked of a lost one unanswered. */
export function whileConnected<T>(client: Client, work: Promise<T>): Promise<T> {
  const loss = new Promise<never>((_resolve, reject) => {
    client.once("close", () => {
      reject(losses.get(client) ?? new Error("the SSH connection was lost"));
    });
  });
  return Promise.race([work, loss]);
}
