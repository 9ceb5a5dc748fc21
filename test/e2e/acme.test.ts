import { execOn } from "../../sandbox/sandbox";
import { AcmeBench, pbxName, serverName } from "./acme-bench";
import { breakIntoClient } from "./hardening/acme-break-in";
import { clearly, heard, ring } from "./office-calls";
import { canServeAcme } from "./peers/acme-server";
import { asteriskPid, onHost } from "./scenario";

const minutes = 60_000;
/** Left out without Go, of which the ACME server is built. */
const withServer = canServeAcme() ? test : test.skip;
const key = `/etc/hardened-asterisk/acme/${serverName}/${pbxName}/host.pem`;

let bench: AcmeBench;

beforeAll(async () => {
  if (!canServeAcme()) return;
  bench = await AcmeBench.open("acmetls");
  bench.pbx.stack.setSpec(bench.spec);
}, 5 * minutes);

afterAll(async () => {
  if (canServeAcme()) await bench.close();
}, minutes);

withServer(
  "a name that leads elsewhere: refused with the server's reason and a cure, and nothing is changed",
  async () => {
    const { stack } = bench.pbx;
    const { code, stdout, stderr } = await stack.try([...stack.upCommand]);
    const said = stdout + stderr;
    expect([code === 0, said]).toEqual([false, expect.stringContaining(`no certificate for ${pbxName} over ACME`)]);
    expect(said).toMatch(/connection: .*http:\/\/pbx\.example\.net/);
    expect(said).toContain(`let ${pbxName} lead to this machine and TCP port 80 through to it`);
    expect(await onHost(bench.pbx, "nft", "list", "tables")).not.toContain("hardened_asterisk");
    expect((await execOn(bench.pbx.sandbox, "pbx", ["test", "-e", "/etc/hardened-asterisk/acme"])).code).not.toBe(0);
  },
  2 * minutes,
);

withServer(
  "a fresh host has itself a certificate signed, and a phone on the road that trusts the CA registers by the PBX's name",
  async () => {
    const { pbx } = bench;
    await bench.leadTo(pbx.sandbox.addresses.pbx);
    await pbx.stack.up();
    const { van, reception } = await bench.cards();
    expect([van?.domain, reception?.caCertificate]).toEqual([pbxName, undefined]);
    expect(await bench.shown()).toContain("CERTIFICATE");
    await pbx.register("van", "home");
    expect(await bench.port80()).toBe("dropped");
    expect((await onHost(pbx, "stat", "-c", "%U:%G %a", key)).trim()).toBe("root:asterisk 640");
    expect(await onHost(pbx, "ls", "/run/hardened-asterisk", "/run/systemd/system")).not.toContain("acme");
    expect((await execOn(pbx.sandbox, "pbx", ["hardened-asterisk", "verify"])).stdout).not.toMatch(/^FAIL/m);
  },
  2 * minutes,
);

/** Starts the timer's service, in its sandbox, as if the certificate were due. */
async function startRenewal(): Promise<void> {
  const folder = "/run/systemd/system/hardened-asterisk-renew.service.d";
  const text = String.raw`[Service]\nExecStart=\nExecStart=/usr/local/sbin/hardened-asterisk renew --now\n`;
  const unit = `mkdir ${folder}; printf '${text}' > ${folder}/now.conf; systemctl daemon-reload`;
  const start = "systemctl start hardened-asterisk-renew.service";
  await onHost(bench.pbx, "sh", "-ec", `${unit}; ${start}; rm -r ${folder}; systemctl daemon-reload`);
}

withServer(
  "is renewed by its timer's service during a call, which lives; port 80 is open for the challenge alone",
  async () => {
    const { pbx } = bench;
    const [van, reception] = [pbx.phones.get("van"), await pbx.register("reception")];
    if (van === undefined) throw new Error("the van did not register");
    const before = [await bench.shown(), await asteriskPid(pbx)];
    await van.call("101");
    await reception.waitEstablished(ring);
    expect(await bench.renew()).toMatchObject({ code: 0, stdout: expect.stringContaining("nothing to do") as string });
    await startRenewal();
    const after = [await bench.shown(), await asteriskPid(pbx)];
    expect([after[0] === before[0], after[1]]).toEqual([false, before[1]]);
    expect(await bench.port80()).toBe("dropped");
    // What came in was the server's look.
    expect(await onHost(pbx, "nft", "list", "table", "inet", "hardened_asterisk")).toMatch(
      /set acme_port \{[^{}]*timeout\s*\}[^]*@acme_port counter packets [1-9]\d* bytes/,
    );
    expect(van.inCall && reception.inCall).toBe(true);
    await van.hangup();
    await reception.waitClosed(ring);
    for (const { share } of await heard(van, reception)) expect(share).toBeGreaterThan(clearly);
  },
  2 * minutes,
);

withServer(
  "who has taken the client over gets nothing that he gets where it runs as root",
  async () => {
    const { confined, asRoot } = await breakIntoClient(bench.pbx.sandbox, key);
    expect(Object.entries(asRoot).filter(([, outcome]) => outcome !== "done")).toEqual([]);
    expect(Object.entries(confined).filter(([, outcome]) => outcome === "done")).toEqual([]);
    expect(Object.keys(confined)).toEqual(Object.keys(asRoot));
    expect(Object.keys(confined).length).toBeGreaterThan(10);
  },
  minutes,
);

withServer(
  "a false ACME server is told nothing, and the certificate stays",
  async () => {
    const before = await bench.shown();
    await bench.beFalse();
    const { code, stderr } = await bench.renew("--now");
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/the ACME server is not trusted: .*; .*good for 89 days/),
    ]);
    expect(await bench.shown()).toBe(before);
    expect(await bench.port80()).toBe("dropped");
  },
  2 * minutes,
);
