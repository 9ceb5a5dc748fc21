import { createHash } from "node:crypto";
import { createServer } from "node:net";
import { join } from "node:path";

import { Contract } from "./contract";
import { freePort, prepareSshServer } from "./ssh-server";

const fixture = Contract.use();

test("a host with another key than hostKey is refused before anything runs", async () => {
  fixture.project.declare({
    a: fixture.remote({ create: fixture.write("ran") }, { hostKey: fixture.server.otherHostKey }),
  });
  const { code, stdout } = await fixture.project.up();
  expect(code).not.toBe(0);
  expect(stdout).toMatch(/host key/i);
  expect(fixture.lines()).toEqual([]);
});

test("a refused port is tried again and given up in bounded time", async () => {
  const port = await freePort();
  fixture.project.declare({ a: fixture.remote({ create: fixture.write("ran") }, { port, dialErrorLimit: 4 }) });
  const start = Date.now();
  const { code, stdout } = await fixture.project.up();
  expect(code).not.toBe(0);
  expect(stdout).toMatch(/after 4 failed attempts/);
  // The waits between five dials add up to 0.8 s; the rest is the engine's own time.
  expect(Date.now() - start).toBeGreaterThan(800);
  expect(Date.now() - start).toBeLessThan(15_000);
  expect(fixture.lines()).toEqual([]);
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

test("a variable the server accepts is set, one it does not accept is an error", async () => {
  fixture.project.declare({ a: fixture.remote({ create: "echo $GREETING", environment: { GREETING: "good day" } }) });
  expect(await fixture.project.up()).toMatchObject({ code: 0 });
  expect(fixture.project.state("a")?.outputs?.["stdout"]).toBe("good day");
  fixture.project.declare({ b: fixture.remote({ create: fixture.write("ran"), environment: { UNASKED: "x" } }) });
  const { code, stdout } = await fixture.project.up();
  expect(code).not.toBe(0);
  expect(stdout).toMatch(/UNASKED/);
  expect(fixture.lines()).toEqual([]);
});

test("the output of the run before is in the environment, unless that is switched off", async () => {
  const command = (stdin: string, addPreviousOutputInEnv: boolean) =>
    fixture.remote({ create: `echo "[$PULUMI_COMMAND_STDOUT]"`, stdin, addPreviousOutputInEnv });
  fixture.project.declare({ a: command("1", true), b: command("1", false) });
  expect(await fixture.project.up()).toMatchObject({ code: 0 });
  fixture.project.declare({ a: command("2", true), b: command("2", false) });
  expect(await fixture.project.up()).toMatchObject({ code: 0 });
  expect(fixture.project.state("a")?.outputs?.["stdout"]).toBe("[[]]");
  expect(fixture.project.state("b")?.outputs?.["stdout"]).toBe("[]");
});

test("six megabytes of stdin arrive whole", async () => {
  const stdin = "0123456789abcdef".repeat(393_216);
  fixture.project.declare({ a: fixture.remote({ create: "sha256sum", stdin }) });
  expect(await fixture.project.up()).toMatchObject({ code: 0 });
  expect(fixture.project.state("a")?.outputs?.["stdout"]).toBe(
    `${createHash("sha256").update(stdin).digest("hex")}  -`,
  );
});

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
