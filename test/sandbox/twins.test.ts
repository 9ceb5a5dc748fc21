import { bootTwin, downSandbox, execOn, upSandbox, type Sandbox } from "../../sandbox/sandbox";
import type { TwinHost } from "../../sandbox/layout";
import { openUdp } from "../e2e/peers/udp-socket";
import { ask } from "../e2e/peers/sip-client";

jest.setTimeout(300_000);

const name = `t${process.pid}w`;
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await upSandbox({ name, twin: true, twin16: true });
});
afterAll(() => downSandbox(name));

const on = async (host: TwinHost, ...argv: string[]) => (await execOn(sandbox, host, argv)).stdout;

/** What the twin says of itself to a stranger. */
async function banner(host: TwinHost): Promise<string | undefined> {
  const { attacker } = sandbox.namespaces;
  const socket = await openUdp(attacker, sandbox.addresses.attacker[0] ?? "");
  const target = sandbox.addresses[host];
  try {
    const to = { host: target, port: 5060, patience: 2_000 };
    return (await ask(socket, to, { method: "OPTIONS", uri: `sip:${target}`, from: "<sip:x@x.invalid>" })).server;
  } finally {
    await socket.close();
  }
}

it("has a second twin with Debian 11, Asterisk 16 and chan_sip", async () => {
  expect(await banner("twin16")).toMatch(/^Asterisk PBX 16\./);
  expect(await on("twin16", "sh", "-c", ". /etc/os-release; echo $VERSION_CODENAME")).toBe("bullseye\n");
  expect(await on("twin16", "asterisk", "-rx", "sip show peers")).toContain("7 sip peers");
});

it("boots a twin afresh as another variant: what was done to it is gone", async () => {
  await on("twin", "touch", "/etc/asterisk/left-over");
  await bootTwin(sandbox, "fail2ban22");
  expect(await on("twin", "fail2ban-client", "status", "asterisk")).toContain("Currently banned:\t0");
  expect(await on("twin", "ls", "/etc/asterisk")).not.toContain("left-over");
  expect(await banner("twin")).toMatch(/^Asterisk PBX 22\./);
  await bootTwin(sandbox, "tls22");
  expect(await on("twin", "ss", "-Hltn")).toContain("0.0.0.0:5061");
  expect(await on("twin", "fail2ban-client", "status", "asterisk")).not.toContain("Currently banned");
});

it("knows no variant of a twin it was brought up without", async () => {
  const { internet, pbx, operator, office, nat, home, carrier, attacker } = sandbox.namespaces;
  const namespaces = { internet, pbx, operator, office, nat, home, carrier, attacker };
  await expect(bootTwin({ ...sandbox, namespaces }, "tutorial16")).rejects.toThrow("has no twin16");
});
