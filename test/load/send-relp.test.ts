import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { createServer, type Server } from "node:tls";
import { run } from "../../sandbox/command";

const script = path.join(__dirname, "../../templates/etc/hardened-asterisk/logs/send-relp.mustache");
const folder = mkdtempSync(path.join(tmpdir(), "send-relp-"));
const [key, certificate] = ["key", "pem"].map((end) => path.join(folder, `receiver.${end}`)) as [string, string];
const kept = path.join(folder, "unconfirmed");
const got: string[] = [];
let receiver: Server;
let sender: ChildProcess | undefined;

/** A receiver that confirms every frame (RELP: number, command, length, data). */
function receive(): Server {
  return createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (socket) => {
    let text = "";
    socket.on("error", () => undefined);
    socket.on("data", (data: Buffer) => {
      text += data.toString("latin1");
      for (;;) {
        const [head, number, command, length] = /^(\d+) (\w+) (\d+) /.exec(text) ?? [];
        const end = (head?.length ?? 0) + Number(length) + 1;
        if (head === undefined || text.length < end) return;
        if (command === "syslog") got.push(text.slice(head.length, end - 1));
        text = text.slice(end);
        socket.write(`${number ?? ""} rsp 6 200 OK\n`);
      }
    });
  });
}

/** Starts the sender as rsyslogd does; returns how to hand it one line and what it answers to the commit. */
async function start(port: number): Promise<(line: string) => Promise<string>> {
  const argv = ["-I", script, "127.0.0.1", `${port}`, "localhost", "500", kept, certificate];
  sender = spawn("python3", argv, { stdio: ["pipe", "pipe", "inherit"] });
  const answers = createInterface({ input: sender.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  const next = async () => String((await answers.next()).value);
  expect(await next()).toBe("OK");
  return async (line) => {
    sender?.stdin?.write(`BEGIN TRANSACTION\n${line}\nCOMMIT TRANSACTION\n`);
    expect([await next(), await next()]).toEqual(["OK", "DEFER_COMMIT"]);
    return next();
  };
}

async function kill(): Promise<void> {
  if (sender === undefined || sender.exitCode !== null) return;
  const ended = once(sender, "exit");
  sender.kill("SIGKILL");
  await ended;
}

beforeAll(async () => {
  const name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  await run(["openssl", "req", "-x509", ...ec, ...name, "-keyout", key, "-out", certificate]);
  receiver = receive();
});

afterAll(async () => {
  await kill();
  receiver.close();
  rmSync(folder, { recursive: true });
});

test("lines that were handed over while nobody took them arrive after a power cut, also if rsyslogd forgot them", async () => {
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const { port } = receiver.address() as AddressInfo;
  receiver.close();
  await once(receiver, "close");
  const hand = await start(port);
  expect(await hand("in-flight")).toBe("nothing was confirmed");
  await kill();
  expect(await (await start(port))("in-flight")).toBe("nothing was confirmed");
  await kill();
  receiver = receive().listen(port, "127.0.0.1");
  await once(receiver, "listening");
  const again = await start(port);
  expect(await again("next")).toBe("OK");
  expect(await again("last")).toBe("OK");
  await kill();
  expect(got).toEqual(["in-flight", "next", "last"]);
  const afterwards = await start(port);
  expect(await afterwards("later")).toBe("OK");
  expect(got).toEqual(["in-flight", "next", "last", "later"]);
}, 30_000);
