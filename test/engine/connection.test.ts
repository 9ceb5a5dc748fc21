import { createHash } from "node:crypto";
import { createServer } from "node:net";
import { join } from "node:path";

import { Contract } from "./contract";
import { freePort, prepareSshServer } from "./ssh-server";

const fixture = Contract.use();

test("another host key, a refused port, a closing port and an unwanted variable each fail in bounded time", async () => {
  const port = await freePort();
  const closing = await closingServer();
  const create = fixture.write("ran");
  fixture.project.declare({
    key: fixture.remote({ create }, { hostKey: fixture.server.otherHostKey }),
    refused: fixture.remote({ create }, { port, dialErrorLimit: 3 }),
    closed: fixture.remote({ create }, { port: closing.port, dialErrorLimit: 4 }),
    variable: fixture.remote({ create, environment: { UNASKED: "x" } }),
  });
  const start = Date.now();
  const { code, stdout } = await fixture.project.up("--continue-on-error");
  expect(Date.now() - start).toBeLessThan(20_000);
  await closing.stop();
  expect(code).not.toBe(0);
  expect(stdout).toMatch(/host key/i);
  expect(stdout).toMatch(/after 3 failed attempts/);
  expect(stdout).toMatch(/after 4 failed attempts/);
  expect(closing.dials()).toBe(5);
  expect(stdout).toMatch(/UNASKED/);
  expect(fixture.lines()).toEqual([]);
  expect(fixture.project.hasCommands()).toBe(false);
});

test("a key that cannot be used is refused at once, with what to do, and not dialled with again and again", async () => {
  const { port, dials, stop } = await closingServer();
  const create = fixture.write("ran");
  const at = { port, dialErrorLimit: 60 };
  const { protectedKey } = fixture.server;
  fixture.project.declare({
    none: fixture.remote({ create }, { ...at, privateKey: protectedKey }),
    wrong: fixture.remote({ create }, { ...at, privateKey: protectedKey, privateKeyPassword: "not it" }),
    garbage: fixture.remote({ create }, { ...at, privateKey: "no key" }),
  });
  const start = Date.now();
  const { code, stdout } = await fixture.project.up("--continue-on-error");
  expect(Date.now() - start).toBeLessThan(20_000);
  await stop();
  expect(code).not.toBe(0);
  expect(dials()).toBe(0);
  expect(stdout).not.toMatch(/failed: retrying/);
  expect(stdout).toMatch(/passphrase/);
  expect(stdout).not.toContain("not it");
  expect(stdout).not.toContain(protectedKey.split("\n")[2]);
});

test("a protected key works with its passphrase", async () => {
  const { protectedKey, passphrase } = fixture.server;
  const connection = { privateKey: protectedKey, privateKeyPassword: passphrase };
  fixture.project.declare({ a: fixture.remote({ create: fixture.write("ran") }, connection) });
  expect(await fixture.project.up()).toMatchObject({ code: 0 });
  expect(fixture.lines()).toEqual(["ran"]);
  expect(fixture.project.stateText()).not.toContain(passphrase);
});

test("a host that comes up late is reached", async () => {
  const late = await prepareSshServer(join(fixture.folder, "late"));
  fixture.project.declare({
    a: fixture.remote({ create: fixture.write("ran") }, { ...late.connection, dialErrorLimit: 12 }),
  });
  const dialled = refuseDials(late.port, 2).then(() => late.start());
  const result = await fixture.project.up();
  await dialled;
  await late.stop();
  expect(result).toMatchObject({ code: 0 });
  expect(fixture.lines()).toEqual(["ran"]);
});

test("a host behind a bastion is reached through it alone, and neither with the bastion down nor with another key of it", async () => {
  const bastion = await prepareSshServer(join(fixture.folder, "bastion"));
  const through = (hostKey: string) =>
    fixture.remote({ create: fixture.write("ran") }, { proxy: { ...bastion.connection, hostKey } });
  const hostKey = String(bastion.connection["hostKey"]);
  fixture.project.declare({ a: through(hostKey) });
  expect((await fixture.project.up()).code).not.toBe(0);
  await bastion.start();
  fixture.project.declare({ a: through(bastion.otherHostKey) });
  const impostor = await fixture.project.up();
  expect(impostor.code).not.toBe(0);
  expect(impostor.stdout).toMatch(/host key/i);
  expect(fixture.lines()).toEqual([]);
  fixture.project.declare({ a: through(hostKey) });
  const result = await fixture.project.up();
  await bastion.stop();
  expect(result).toMatchObject({ code: 0 });
  expect(fixture.lines()).toEqual(["ran"]);
});

test("a variable the server accepts is set, and the output of the run before unless that is switched off", async () => {
  const command = (stdin: string, addPreviousOutputInEnv: boolean) =>
    fixture.remote({
      create: `echo "$GREETING [$PULUMI_COMMAND_STDOUT]"`,
      environment: { GREETING: "hi" },
      stdin,
      addPreviousOutputInEnv,
    });
  for (const stdin of ["1", "2"]) {
    fixture.project.declare({ a: command(stdin, true), b: command(stdin, false) });
    expect(await fixture.project.up()).toMatchObject({ code: 0 });
  }
  expect(fixture.project.state("a")?.outputs?.["stdout"]).toBe("hi [hi []]");
  expect(fixture.project.state("b")?.outputs?.["stdout"]).toBe("hi []");
});

test("more stdin than gRPC's usual four megabytes arrives whole", async () => {
  const stdin = "0123456789abcdef".repeat(300_000);
  fixture.project.declare({ a: fixture.remote({ create: "sha256sum", stdin }) });
  expect(await fixture.project.up()).toMatchObject({ code: 0 });
  expect(fixture.project.state("a")?.outputs?.["stdout"]).toBe(
    `${createHash("sha256").update(stdin).digest("hex")}  -`,
  );
});

/** A server that takes each connection and closes it, counting. */
async function closingServer(): Promise<{ port: number; dials: () => number; stop: () => Promise<void> }> {
  let dials = 0;
  const server = createServer((socket) => {
    dials += 1;
    socket.destroy();
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
    });
  return { port, dials: () => dials, stop };
}

/** Closes the first dials to a port and then gives the port free. */
async function refuseDials(port: number, count: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  for (let dials = 0; dials < count; dials += 1)
    await new Promise<void>((resolve) =>
      server.once("connection", (socket) => {
        socket.destroy();
        resolve();
      }),
    );
  await new Promise((resolve) => server.close(resolve));
}
