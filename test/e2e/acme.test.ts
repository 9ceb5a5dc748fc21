import path from "node:path";
import type { PhoneCard } from "../../components/asterisk-host-args";
import type { AcmeSpec, PbxSpec } from "../../core/spec/spec";
import { inNamespace, tryRun } from "../../sandbox/command";
import { execOn } from "../../sandbox/sandbox";
import { Installation } from "../../tools/operator/installation";
import { heard, ring } from "./office-calls";
import { AcmeServer, canServeAcme } from "./peers/acme-server";
import { Authority } from "./peers/authority";
import { startNameServer, type NameServer } from "./peers/name-server";
import { handshake } from "./peers/tls-client";
import { asteriskPid, onHost } from "./scenario";

const name = "acmetls";
const minutes = 60_000;
const [server, pbxName] = ["acme.example.net", "pbx.example.net"];
/** Left out without Go, of which the ACME server is built. */
const withServer = canServeAcme() ? test : test.skip;

let pbx: Installation;
let authority: Authority;
let acmeServer: AcmeServer;
let nameServer: NameServer;

const folder = (part: string) => path.join("/run", `hardened-asterisk-installation-${name}`, part);

function specWith(acme: AcmeSpec): PbxSpec {
  const phones: PbxSpec["phones"] = {
    reception: { number: "101", networks: ["198.51.100.0/24"] },
    van: { number: "104", roaming: true },
  };
  return { country: "JP", admins: ["198.51.100.7/32"], phones, tls: { acme } };
}

/** The ACME server with a certificate of the given authority. */
async function serve(shown: Authority): Promise<AcmeServer> {
  return AcmeServer.start({
    namespace: pbx.sandbox.namespaces.carrier,
    address: pbx.sandbox.addresses.carrier.media,
    nameServer: pbx.sandbox.addresses.carrier.signalling,
    certificateFile: await shown.issue(`DNS:${server}`),
    directory: folder(""),
  });
}

/** Names as the host and the ACME server are told them. */
function names(ofPbx: string): Promise<NameServer> {
  const { signalling, media } = pbx.sandbox.addresses.carrier;
  const known = { [server]: media, [pbxName]: ofPbx };
  return startNameServer(pbx.sandbox.namespaces.carrier, { listen: signalling, names: known });
}

beforeAll(async () => {
  if (!canServeAcme()) return;
  process.env.PULUMI_NODEJS_TRANSPILE_ONLY = "true";
  pbx = await Installation.open({ name, spec: specWith({ name: pbxName, agreeToTerms: true }) });
  const { carrier, operator } = pbx.sandbox.addresses;
  authority = await Authority.make(folder("authority"));
  acmeServer = await serve(authority);
  const ca = `${(await authority.certificate()).trim()}\n${await acmeServer.authority()}\n`;
  pbx.stack.setSpec(
    specWith({ name: pbxName, agreeToTerms: true, directory: `https://${server}/dir`, ca, email: "pbx@example.net" }),
  );
  await onHost(pbx, "sh", "-c", `rm -f /etc/resolv.conf; echo nameserver ${carrier.signalling} > /etc/resolv.conf`);
  nameServer = await names(operator);
}, 5 * minutes);

afterAll(async () => {
  if (!canServeAcme()) return;
  await Promise.all([acmeServer.stop(), nameServer.stop()]);
  await pbx.hangUp();
  await Installation.remove(name);
}, minutes);

/** The certificate that a phone is shown by its name, when the CA from the credentials vouches for it. */
async function shown(): Promise<string> {
  const cards = await pbx.stack.output<Record<string, PhoneCard>>("credentials");
  const { caCertificate, domain } = cards["van"] ?? {};
  expect([domain, cards["reception"]?.caCertificate]).toEqual([pbxName, undefined]);
  const client = { namespace: pbx.sandbox.namespaces.attacker, target: pbx.sandbox.addresses.pbx };
  const ca = pbx.keep("acme-ca.pem", caCertificate ?? "");
  const { code, stdout, stderr } = await handshake(client, "-CAfile", ca, "-verify_hostname", domain ?? "");
  expect([code, code === 0 ? "" : stdout + stderr]).toEqual([0, ""]);
  return /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/.exec(stdout)?.[0] ?? "";
}

/** What a stranger's TCP connection to port 80 comes to within 1 s; an open port where nothing listens refuses. */
async function tryPort80(): Promise<string> {
  const script = `import socket
try: socket.create_connection(("${pbx.sandbox.addresses.pbx}", 80), 1)
except OSError as problem: print(type(problem).__name__)`;
  return (await tryRun(inNamespace(pbx.sandbox.namespaces.attacker, ["python3", "-c", script]))).stdout.trim();
}

const renew = (...argv: string[]) =>
  execOn(pbx.sandbox, "pbx", ["hardened-asterisk", "renew", ...argv], { timeout: 3 * minutes });

withServer(
  "a name that leads elsewhere: refused with the server's reason and a cure, and nothing is changed",
  async () => {
    const { code, stdout, stderr } = await pbx.stack.try([...pbx.stack.upCommand]);
    const said = stdout + stderr;
    expect([code === 0, said]).toEqual([false, expect.stringContaining(`no certificate for ${pbxName} over ACME`)]);
    expect(said).toMatch(/connection: .*http:\/\/pbx\.example\.net/);
    expect(said).toContain(`let ${pbxName} lead to this machine and TCP port 80 through to it`);
    expect(await onHost(pbx, "nft", "list", "tables")).not.toContain("hardened_asterisk");
    expect((await execOn(pbx.sandbox, "pbx", ["test", "-e", "/etc/hardened-asterisk/acme"])).code).not.toBe(0);
  },
  2 * minutes,
);

withServer(
  "a fresh host has itself a certificate signed, and a phone on the road that trusts the CA registers by the PBX's name",
  async () => {
    await nameServer.stop();
    nameServer = await names(pbx.sandbox.addresses.pbx);
    await pbx.stack.up();
    expect(await shown()).toContain("CERTIFICATE");
    await pbx.register("van", "home");
    expect(await tryPort80()).toBe("TimeoutError");
    const key = `/etc/hardened-asterisk/acme/${server}/${pbxName}/host.pem`;
    expect((await onHost(pbx, "stat", "-c", "%U:%G %a", key)).trim()).toBe("root:asterisk 640");
    expect(await onHost(pbx, "ls", "/run/hardened-asterisk", "/run/systemd/system")).not.toContain("acme");
    expect((await execOn(pbx.sandbox, "pbx", ["hardened-asterisk", "verify"])).stdout).not.toMatch(/^FAIL/m);
  },
  2 * minutes,
);

withServer(
  "is renewed during a call, which lives; port 80 is open for the challenge alone",
  async () => {
    const [van, reception] = [pbx.phones.get("van"), await pbx.register("reception")];
    if (van === undefined) throw new Error("the van did not register");
    const before = [await shown(), await asteriskPid(pbx)];
    await van.call("101");
    await reception.waitEstablished(ring);
    expect(await renew()).toMatchObject({ code: 0, stdout: expect.stringContaining("nothing to do") as string });
    expect(await renew("--now")).toMatchObject({ code: 0, stdout: expect.stringContaining("was renewed") as string });
    const after = [await shown(), await asteriskPid(pbx)];
    expect([after[0] === before[0], after[1]]).toEqual([false, before[1]]);
    expect(await tryPort80()).toBe("TimeoutError");
    expect(await onHost(pbx, "nft", "list", "set", "inet", "hardened_asterisk", "acme_port")).not.toMatch(/elements/);
    expect(van.inCall && reception.inCall).toBe(true);
    await van.hangup();
    await reception.waitClosed(ring);
    for (const { share } of await heard(van, reception)) expect(share).toBeGreaterThan(0.9);
  },
  2 * minutes,
);

withServer(
  "a false ACME server is told nothing, and the certificate stays",
  async () => {
    const before = await shown();
    await acmeServer.stop();
    acmeServer = await serve(await Authority.make(folder("other-authority")));
    const { code, stderr } = await renew("--now");
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/the ACME server is not trusted: .*; .*good for 89 days/),
    ]);
    expect(await shown()).toBe(before);
    expect(await tryPort80()).toBe("TimeoutError");
  },
  2 * minutes,
);
