import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createConnection, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { connectConfig, type DialOptions } from "../../tools/engine/stand-in/command/dial";
import type { Connection } from "../../tools/engine/stand-in/command/inputs";
import { CopyProvider } from "../../tools/engine/stand-in/command/remote-copy";
import { remoteRun } from "../../tools/engine/stand-in/command/remote-run";
import { freePort, prepareSshServer, type SshServer } from "./ssh-server";

const previous = { stdout: "before", stderr: "" };
const quick = { interval: 100, limit: 3 };
let folder: string;
let server: SshServer;
let relay: Relay;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "engine-lost-"));
  server = await prepareSshServer(join(folder, "sshd"));
  await server.start();
}, 60_000);
beforeEach(async () => {
  relay = await Relay.to(server.port);
});
afterEach(() => {
  relay.stop();
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const connection = (): Connection => ({
  ...(server.connection as unknown as Connection),
  port: relay.port,
  perDialTimeout: 10,
});
const options = (report: DialOptions["report"] = () => undefined) => ({
  report,
  warn: () => undefined,
  signal: new AbortController().signal,
  keepalive: quick,
});
const run = (command: string, onOutput: () => void) =>
  remoteRun(command, { connection: connection() }, previous, options(onOutput));

test("150 s of silence are granted, as the official provider grants them", () => {
  const { keepaliveInterval = 0, keepaliveCountMax = 0 } = connectConfig(connection());
  expect(keepaliveInterval * (keepaliveCountMax + 1)).toBe(150_000);
});

test("a connection that goes silent while a command runs ends, with the host, the reason and the output so far", async () => {
  const lost = run("echo begun; sleep 30", () => {
    relay.silence();
  });
  await expect(lost).rejects.toThrow(/127\.0\.0\.1:\d+ was lost: 127\.0\.0\.1 has not answered for .*begun/s);
}, 10_000);

test("a connection that the network ends while a command runs is named with its host", async () => {
  const lost = run("echo begun; sleep 30", () => {
    relay.cut();
  });
  await expect(lost).rejects.toThrow(/the SSH connection to 127\.0\.0\.1:\d+ was lost: .*begun/s);
}, 10_000);

test("a connection that goes silent before the command is started ends too, and is not taken for a refusal", async () => {
  relay.silenceAfter = 3_000;
  const environment = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`GREETING`, String(index)]));
  const many = { ...environment, GREETING: "x".repeat(20_000) };
  const lost = remoteRun("true", { connection: connection(), environment: many }, previous, options());
  await expect(lost).rejects.toThrow(/has not answered/);
}, 10_000);

test("a copy to a host that goes silent ends", async () => {
  writeFileSync(join(folder, "source"), Buffer.alloc(4_000_000));
  relay.silenceAfter = 200_000;
  const inputs = {
    connection: { ...connection() },
    remotePath: join(folder, "copied"),
    source: { path: join(folder, "source") },
  };
  const copying = new CopyProvider(() => options()).create("urn", inputs, false);
  await expect(copying).rejects.toThrow(/127\.0\.0\.1 has not answered/);
}, 10_000);

test("a command that is silent itself for longer than that is not cut off", async () => {
  const { stdout } = await remoteRun("sleep 1; echo end", { connection: connection() }, previous, options());
  expect(stdout).toBe("end");
});

/** Passes bytes on to a port of this machine, until it is told to keep them: both ends then see an open, silent connection. */
class Relay {
  /** Bytes from the client after which it is silent. */
  silenceAfter = Infinity;
  private silent = false;
  private readonly sockets: Socket[] = [];

  private constructor(
    readonly port: number,
    private readonly end: () => void,
  ) {}

  static async to(target: number): Promise<Relay> {
    const port = await freePort();
    const server = createServer((client) => {
      relay.join(client, createConnection({ host: "127.0.0.1", port: target }));
    });
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    const relay = new Relay(port, () => server.close());
    return relay;
  }

  silence(): void {
    this.silent = true;
  }

  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  stop(): void {
    this.cut();
    this.end();
  }

  private join(client: Socket, host: Socket): void {
    this.sockets.push(client, host);
    let sent = 0;
    client.on("data", (data) => {
      sent += data.length;
      if (sent > this.silenceAfter) this.silence();
      if (!this.silent) host.write(data);
    });
    host.on("data", (data) => {
      if (!this.silent) client.write(data);
    });
    for (const [one, other] of [
      [client, host],
      [host, client],
    ] as const) {
      one.on("error", () => undefined);
      one.on("close", () => {
        if (!this.silent) other.destroy();
      });
    }
  }
}
