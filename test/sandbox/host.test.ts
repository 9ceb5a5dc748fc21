import { inNamespace, run, tryRun } from "../../sandbox/command";
import { layoutOf } from "../../sandbox/layout";
import { countLeftovers } from "../../sandbox/leftovers";
import { aptReachable, bootHost, downSandbox, execOn, killHost, upSandbox, type Sandbox } from "../../sandbox/sandbox";

jest.setTimeout(120_000);

const name = `t${process.pid}y`;
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await upSandbox({ name, twin: true });
});
afterAll(() => downSandbox(name));

const onPbx = async (script: string) => {
  const result = await execOn(sandbox, "pbx", ["sh", "-ec", script], { timeout: 90_000 });
  return { ...result, output: result.stdout + result.stderr };
};
const ssh = ({ ssh: access }: Sandbox, command: string) => {
  const strict = [
    "-o",
    "BatchMode=yes",
    "-o",
    "ConnectTimeout=3",
    "-o",
    `UserKnownHostsFile=${access.knownHostsFile}`,
    "-o",
    "StrictHostKeyChecking=yes",
  ];
  return tryRun([
    "ssh",
    "-F",
    "none",
    ...strict,
    "-i",
    access.privateKeyFile,
    "-p",
    `${access.port}`,
    "root@127.0.0.1",
    command,
  ]);
};

/** Sends one datagram from a namespace and returns what comes back within a second. */
const ask = async (role: "attacker" | "home", source: string, target: string, text: string) =>
  (
    await tryRun(inNamespace(sandbox.namespaces[role], ["socat", "-T1", "-", `UDP:${target}:5060,bind=${source}`]), {
      input: text,
    })
  ).stdout;
const options = (source: string, target: string) =>
  [
    `OPTIONS sip:${target} SIP/2.0`,
    `Via: SIP/2.0/UDP ${source}:5060;branch=z9hG4bK-test;rport`,
    `From: <sip:test@${source}>;tag=1`,
    `To: <sip:${target}>`,
    `Call-ID: test-${source}`,
    "CSeq: 1 OPTIONS",
    "Max-Forwards: 70",
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");

it("boots Debian 14 with systemd, without a failed unit, and without Asterisk", async () => {
  expect((await onPbx("cat /proc/1/comm")).stdout).toBe("systemd\n");
  expect((await onPbx("systemctl is-system-running")).stdout).toBe("running\n");
  expect((await onPbx(". /etc/os-release; echo $VERSION_CODENAME")).stdout).toBe("forky\n");
  expect((await onPbx("hostname; command -v asterisk fail2ban-client || echo neither")).stdout).toBe("pbx\nneither\n");
  expect((await onPbx("journalctl -b -u ssh --no-pager")).stdout).toContain("Server listening on");
});

it("lets the operator in by key, and the host sees the operator's address", async () => {
  const { code, stdout } = await ssh(sandbox, "echo $SSH_CLIENT; id -un");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^198\.51\.100\.7 \d+ 22\nroot\n$/);
});

it("checks the host's key", async () => {
  const { knownHostsFile } = sandbox.twinSsh ?? sandbox.ssh;
  const port = { ...sandbox.ssh, port: sandbox.twinSsh?.port ?? 0 };
  expect((await ssh({ ...sandbox, ssh: { ...port, knownHostsFile } }, "hostname")).stdout).toBe("twin\n");
  const { code, stderr } = await ssh({ ...sandbox, ssh: { ...sandbox.ssh, knownHostsFile: "/dev/null" } }, "true");
  expect(code).toBe(255);
  expect(stderr).toContain("Host key verification failed");
});

it("has no route out of any namespace", async () => {
  const router = await tryRun(inNamespace(sandbox.namespaces.internet, ["ip", "route", "get", "192.0.0.9"]));
  expect(router.stderr).toContain("Network is unreachable");
  const links = await run(inNamespace(sandbox.namespaces.internet, ["ip", "-o", "link", "show", "type", "veth"]));
  const others = links
    .trim()
    .split("\n")
    .map((line) => /link-netns (\S+)/.exec(line)?.[1]);
  const expected = ["pbx", "twin", "operator", "office", "carrier", "attacker", "nat"].map(
    (role) => `ha-${name}-${role}`,
  );
  expect(others.sort()).toEqual(expected.sort());
  expect((await onPbx("ping -c1 -W2 192.0.0.9 || true")).output).toMatch(/Net Unreachable|100% packet loss/);
});

it("lets systemd and the packet filter do in the host what they do on a real one", async () => {
  expect((await onPbx("ip netns add probe; ip netns exec probe true; ip netns delete probe")).code).toBe(0);
  const reach = `python3 -c 'import socket; socket.create_connection(("203.0.113.80", 80), 3)'`;
  expect((await onPbx(`systemd-run --quiet --wait --pipe ${reach}`)).code).toBe(0);
  expect((await onPbx(`systemd-run --quiet --wait --pipe -p IPAddressDeny=any ${reach}`)).output).toContain(
    "TimeoutError: timed out",
  );
  await onPbx(
    "nft add table inet probe; nft 'add chain inet probe in { type filter hook input priority 0; policy drop; }'",
  );
  expect((await ssh(sandbox, "true")).code).toBe(255);
  expect((await onPbx("nft delete table inet probe")).code).toBe(0);
  expect((await ssh(sandbox, "true")).code).toBe(0);
  expect(
    (await onPbx("sysctl -qw net.ipv4.conf.all.log_martians=1; mv /etc/ssh /etc/ssh.old; mv /etc/ssh.old /etc/ssh"))
      .code,
  ).toBe(0);
});

it("fails to reach apt's repository only while that is switched off, and installs Asterisk from it", async () => {
  await aptReachable(sandbox, false);
  expect((await onPbx("apt-get update -o APT::Update::Error-Mode=any")).code).not.toBe(0);
  await aptReachable(sandbox, true);
  const { code, output } = await onPbx(
    "apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -qy --no-install-recommends install asterisk fail2ban",
  );
  expect({ code, output: code === 0 ? "" : output }).toEqual({ code: 0, output: "" });
  expect((await onPbx("asterisk -rx 'core waitfullybooted'; asterisk -V")).stdout).toContain("Asterisk 22.");
  expect((await onPbx("apt-get -qy install --reinstall asterisk-config")).code).toBe(0);
});

it("keeps the files over a power cut and loses the packet filter", async () => {
  await onPbx("nft add table inet volatile; echo kept > /var/lib/kept; sync");
  const boot = (await onPbx("journalctl --list-boots -q | wc -l")).stdout;
  await killHost(sandbox, "pbx");
  expect(
    (await countLeftovers(name)).filter((line) => line.includes("nspawn") && line.includes("--hostname=pbx")),
  ).toEqual([]);
  await expect(onPbx("true")).rejects.toThrow("is switched off");
  await bootHost(sandbox, "pbx");
  expect((await onPbx("cat /var/lib/kept; nft list tables")).stdout).toBe("kept\n");
  expect((await onPbx("journalctl --list-boots -q | wc -l")).stdout).not.toBe(boot);
  const { stdout, stderr } = await ssh(sandbox, "hostname");
  expect(`${stdout}${stderr}`).toBe("pbx\n");
  await expect(bootHost(sandbox, "pbx")).rejects.toThrow("already running");
});

it("has a twin that answers strangers, with its version", async () => {
  for (const source of ["198.18.0.2", "198.18.1.251"]) {
    const answer = await ask("attacker", source, sandbox.addresses.twin, options(source, sandbox.addresses.twin));
    expect(answer).toMatch(/^SIP\/2\.0 (200|401) /);
    expect(answer).toMatch(/^Server: Asterisk PBX 22\./m);
  }
  const endpoints = await execOn(sandbox, "twin", ["asterisk", "-rx", "pjsip show endpoints"]);
  for (const endpoint of ["100 ", "105 ", "trunk "]) expect(endpoints.stdout).toContain(`Endpoint:  ${endpoint}`);
  const listening = await execOn(sandbox, "twin", ["ss", "-Hltun"]);
  for (const socket of ["0.0.0.0:5060", "0.0.0.0:5038", "0.0.0.0:8088"]) expect(listening.stdout).toContain(socket);
});

it("puts the phones at home behind one address", async () => {
  const source = "192.168.77.20";
  const answer = await ask("home", source, sandbox.addresses.twin, options(source, sandbox.addresses.twin));
  expect(answer).toContain("received=100.64.7.2");
});

it("routes IPv6 between its segments, also after a power cut", async () => {
  const { attacker, pbx } = sandbox.addresses.ipv6;
  const connect = ["socat", "-u", "OPEN:/dev/null", `TCP6:[${pbx}]:22,bind=[${attacker}],connect-timeout=3`];
  expect(await tryRun(inNamespace(sandbox.namespaces.attacker, connect))).toMatchObject({ code: 0, stderr: "" });
});

it("keeps the private key to root", async () => {
  const { clientKey, directory } = layoutOf(name);
  expect(await run(["stat", "-c", "%a %u", clientKey, directory])).toBe("600 0\n700 0\n");
});
