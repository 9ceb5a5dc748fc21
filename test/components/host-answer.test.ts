import { createServer, type Server, type Socket } from "node:net";
import { endpointText, waitForGreeting } from "../../components/host-answer";
import { freePort } from "../engine/ssh-server";

const servers: Server[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

async function serve(port: number, answer: (socket: Socket) => void): Promise<void> {
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    answer(socket);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
}

/** Waits for a greeting and returns what was said meanwhile, and the error, if any. */
async function waitAt(port: number, seconds: number, hint?: string) {
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  const patience = { seconds, warn: say, remind: say, ...(hint === undefined ? {} : { hint }) };
  const error = await waitForGreeting({ host: "127.0.0.1", port }, patience).then(
    () => undefined,
    (caught: unknown) => (caught as Error).message,
  );
  return { said, error };
}

const greet = (socket: Socket) => void socket.write("a line before\r\nSSH-2.0-OpenSSH_10.0\r\n");

test("a server that greets is waited for no longer, and nothing is said", async () => {
  const port = await freePort();
  await serve(port, greet);
  expect(await waitAt(port, 30)).toEqual({ said: [], error: undefined });
});

test("a machine that boots is reached: what was wrong is said once, with address, port and cure", async () => {
  const port = await freePort();
  setTimeout(() => void serve(port, greet), 5_000);
  const { said, error } = await waitAt(port, 60);
  expect(error).toBeUndefined();
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(
    new RegExp(
      `^connection\\.host: 127\\.0\\.0\\.1:${port} refuses the connection, .*check the address and the port.*trying for \\d+ s more$`,
    ),
  );
}, 90_000);

test.each<[string, (socket: Socket) => void, RegExp]>([
  ["closes at once", (socket) => void socket.destroy(), /closes the connection before it greets; check .*fail2ban/],
  ["resets", (socket) => void socket.resetAndDestroy(), /closes the connection before it greets/],
  ["is a web server", (socket) => void socket.write("HTTP/1.1 400 Bad Request\r\n\r\n"), /not as an SSH server does/],
  ["is silent", () => undefined, /takes the connection and stays silent; check the port/],
])(
  "a server that %s: told at the first try, and the end names it again",
  async (_what, answer, words) => {
    const port = await freePort();
    await serve(port, answer);
    const { said, error } = await waitAt(port, 9, "this is a hint");
    expect(said[0]).toMatch(words);
    expect(error).toMatch(words);
    expect(error).toContain(`127.0.0.1:${port}`);
    expect(error).toMatch(/this is a hint.*run pulumi up again/);
  },
  60_000,
);

test("a name without an address is told as one", async () => {
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  const waiting = waitForGreeting({ host: "no-such-host.invalid", port: 22 }, { seconds: 1, warn: say, remind: say });
  await expect(waiting).rejects.toThrow(/connection\.host: the name in no-such-host\.invalid:22 .*check/);
}, 60_000);

test("an IPv6 address is told with brackets", () => {
  expect(endpointText({ host: "2001:db8::10", port: 22 })).toBe("[2001:db8::10]:22");
});
