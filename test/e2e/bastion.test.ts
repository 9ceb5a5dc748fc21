import path from "node:path";
import { mkdtempSync, rmSync } from "node:fs";
import { spawn, type ChildProcess } from "node:child_process";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { namespaceFile } from "../../sandbox/layout";
import { Installation } from "../../tools/operator/installation";
import { prepareSshServer, type SshServer } from "../engine/ssh-server";
import { eventually } from "./faults/settled";
import { currentReceipt, officeSpec, onHost } from "./scenario";

const name = "testbastion";
const minutes = 60_000;
const office = officeSpec();
let pbx: Installation;
let bastion: SshServer;
let listener: ChildProcess | undefined;
const folder = mkdtempSync(path.join(tmpdir(), "bastion-"));

beforeAll(async () => {
  process.env.PULUMI_NODEJS_TRANSPILE_ONLY = "true";
  pbx = await Installation.open({ name, spec: office });
  bastion = await prepareSshServer(folder);
  listener = await startBastion();
  const { addresses } = pbx.sandbox;
  pbx.stack.editConfig({
    // Where the bastion reaches the host; from here nothing leads there.
    "pbx:host": addresses.pbx,
    "pbx:port": 22,
    "pbx:proxyHost": "127.0.0.1",
    "pbx:proxyPort": bastion.port,
    "pbx:proxyUser": String(bastion.connection["user"]),
    "pbx:proxyHostKey": String(bastion.connection["hostKey"]),
  });
  await setProxyKey(bastion.privateKey);
}, 10 * minutes);

afterAll(async () => {
  listener?.kill("SIGTERM");
  rmSync(folder, { recursive: true, force: true });
  await Installation.remove(name);
}, minutes);

/** A real sshd in the operator's network, where the host lets SSH in; asked at a port of this machine. */
async function startBastion(): Promise<ChildProcess> {
  const inside = `nsenter --net=${namespaceFile(pbx.sandbox.namespaces.operator)} /usr/sbin/sshd -i -e -f ${folder}/config`;
  const child = spawn("socat", [`TCP-LISTEN:${bastion.port},bind=127.0.0.1,reuseaddr,fork`, `EXEC:"${inside}"`], {
    stdio: "ignore",
  });
  await eventually(10_000, () => greeting(bastion.port));
  return child;
}

function greeting(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection(port, "127.0.0.1");
    const done = (answer: string | undefined) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("data", (data) => {
      done(data.toString().startsWith("SSH-2.0") ? undefined : data.toString());
    });
    socket.once("error", (error) => {
      done(error.message);
    });
    socket.once("close", () => {
      done("closed");
    });
  });
}

async function setProxyKey(key: string): Promise<void> {
  const argv = ["config", "set", "--secret", "pbx:proxyPrivateKey", "--stack", name];
  const { code, stderr } = await pbx.stack.try(argv, key);
  expect([code, stderr]).toEqual([0, ""]);
}

test(
  "`up` configures a host that only the bastion reaches, and says nothing of either key",
  async () => {
    const { code, stdout, stderr } = await pbx.stack.try([...pbx.stack.upCommand, "--logtostderr", "-v=2"]);
    expect([code, code === 0 ? "" : stdout]).toEqual([0, ""]);
    expect(await currentReceipt(pbx)).toMatchObject({ state: "confirmed" });
    const line = bastion.privateKey.split("\n")[2] ?? "";
    expect(line.length).toBeGreaterThan(40);
    expect((stdout + stderr).includes(line)).toBe(false);
    // The host has seen the operator's address alone: the bastion's.
    const logins = await onHost(pbx, "journalctl", "--unit", "ssh.service", "--output", "cat", "--no-pager");
    const from = new Set([...logins.matchAll(/Accepted publickey for root from (\S+)/g)].map(([, address]) => address));
    expect([...from]).toEqual([pbx.sandbox.addresses.operator]);
  },
  5 * minutes,
);

test(
  "a bastion whose address is not among admins is refused with the address to add, before anything is touched",
  async () => {
    pbx.stack.setSpec({ ...office, admins: ["192.0.2.99/32"] });
    const { code, stdout } = await pbx.stack.try([...pbx.stack.upCommand]);
    pbx.stack.setSpec(office);
    expect(code).not.toBe(0);
    expect(stdout).toContain(`your address ${pbx.sandbox.addresses.operator} is not among admins; add it`);
  },
  2 * minutes,
);
