import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { run } from "../../sandbox/command";
import { dial } from "../../tools/engine/stand-in/command/dial";
import { freePort, prepareSshServer, type SshServer } from "./ssh-server";

let folder: string;
let server: SshServer;
/** Limits under which the old stand-in dialled for minutes. */
const patient = { dialErrorLimit: 60, perDialTimeout: 15 };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "refusal-"));
  server = await prepareSshServer(folder, ["ForceCommand false"]);
  await server.start();
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** Dials with other settings than the right ones; gives the error and the retries before it, a tenth of the limit at most. */
async function dialled(change: Record<string, unknown>): Promise<{ error: string; retries: string[] }> {
  const retries: string[] = [];
  const end = new AbortController();
  const report = (line: string) => {
    retries.push(line);
    if (retries.length > patient.dialErrorLimit / 10) end.abort();
  };
  const connection = { ...server.connection, ...patient, ...change } as unknown as Parameters<typeof dial>[0];
  const error = await dial(connection, { report, signal: end.signal }).then(
    (client) => {
      client.end();
      return "none";
    },
    (caught: unknown) => (caught as Error).message,
  );
  return { error, retries };
}

test("another host key is dialled once: it stays another one", async () => {
  const { error, retries } = await dialled({ hostKey: server.otherHostKey });
  expect([error, retries]).toEqual([expect.stringContaining("host key mismatch"), []]);
});

test("a refused login is tried twice more: a machine that boots lets only root in until the end of it", async () => {
  await run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", join(folder, "stranger")]);
  const { error, retries } = await dialled({ privateKey: readFileSync(join(folder, "stranger"), "utf8") });
  expect([error, retries.length]).toEqual([expect.stringContaining("authentication methods failed"), 2]);
}, 60_000);

test("a port that refuses is dialled to the limit, as the official provider does", async () => {
  const { error, retries } = await dialled({ port: await freePort(), dialErrorLimit: 4 });
  expect([error, retries.length]).toEqual([expect.stringContaining("ECONNREFUSED"), 4]);
});
