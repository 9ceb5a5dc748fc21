import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { PbxSpec } from "../../core/spec/spec";
import { execOn } from "../../sandbox/sandbox";
import { Installation } from "../../tools/operator/installation";
import { Authority } from "./peers/authority";
import { until } from "./firewall/bench";
import type { Phone } from "./peers/phone";
import { handshake } from "./peers/tls-client";
import { asteriskPid, onHost } from "./scenario";

const name = "testowncert";
const minutes = 60_000;
jest.setTimeout(3 * minutes);
/** Where certbot keeps what it last got: links, in a folder that only root can enter. */
const live = "/etc/letsencrypt/live/pbx";
const spec: PbxSpec = {
  country: "JP",
  admins: ["198.51.100.7/32"],
  phones: {
    reception: { number: "101", networks: ["198.51.100.0/24"] },
    van: { number: "104", roaming: true },
  },
  tls: { certificate: `${live}/fullchain.pem`, privateKey: `${live}/privkey.pem` },
};
const names = "DNS:pbx.example.net";

let folder: string;
let pbx: Installation;
let authority: Authority;
let version = 0;

interface Pair {
  readonly key: string;
  readonly chain: string;
}

/** A new key with its certificate and the one that signed it. */
async function issue(of = names): Promise<Pair> {
  const text = await readFile(await authority.issue(of), "utf8");
  const [, key = "", certificate = ""] = /^([^]*PRIVATE KEY-----\n)([^]*)$/.exec(text) ?? [];
  return { key, chain: certificate + (await authority.certificate()) };
}

/** Puts a pair in place as certbot does: new files, then links that lead to them. */
async function put({ key, chain }: Pair): Promise<void> {
  version += 1;
  const archive = `/etc/letsencrypt/archive/${version}`;
  const script = `
umask 077; mkdir -p ${archive} ${live}
printf %s "$0" > ${archive}/privkey.pem; printf %s "$1" > ${archive}/fullchain.pem
for file in privkey fullchain; do ln -s ${archive}/$file.pem ${live}/new; mv -T ${live}/new ${live}/$file.pem; done`;
  await onHost(pbx, "sh", "-ec", script, key, chain);
}

const certificateIn = (text: string) => /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/.exec(text)?.[0];

/** The certificate that somebody at home is shown, when the authority vouches for it and its name. */
async function shown(): Promise<string | undefined> {
  const client = { namespace: pbx.sandbox.namespaces.home, target: pbx.sandbox.addresses.pbx };
  const ca = pbx.keep("authority.pem", await authority.certificate());
  const { code, stdout } = await handshake(client, "-CAfile", ca, "-verify_hostname", "pbx.example.net");
  return code === 0 ? certificateIn(stdout) : undefined;
}

const verify = () => execOn(pbx.sandbox, "pbx", ["hardened-asterisk", "verify"]);
const renewal = async () =>
  (await onHost(pbx, "systemctl", "show", "-p", "ActiveState", "--value", "hardened-asterisk-renew.service")).trim();
const journal = () => onHost(pbx, "journalctl", "--no-pager", "-o", "cat", "-u", "hardened-asterisk-renew.service");
const lookAgain = () => {
  pbx.stack.editConfig({ "pbx:recheck": `${Date.now()}` });
  return pbx.stack.try([...pbx.stack.upCommand]);
};

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "hardened-asterisk-own-certificate-"));
  authority = await Authority.make(folder);
  pbx = await Installation.open({ name, spec });
}, 10 * minutes);

afterAll(async () => {
  await pbx.hangUp();
  await Installation.remove(name);
  rmSync(folder, { recursive: true, force: true });
}, minutes);

test("`up` refuses a host without the files, with their paths and a cure, and changes nothing", async () => {
  const { code, stdout, stderr } = await pbx.stack.try([...pbx.stack.upCommand]);
  expect(code).not.toBe(0);
  expect(stdout + stderr).toContain(
    `tls.certificate: ${live}/fullchain.pem: No such file or directory; put the file there`,
  );
});

test("files that only root can read are shown to phones", async () => {
  const pair = await issue();
  await put(pair);
  await pbx.stack.up();
  expect(await shown()).toBe(certificateIn(pair.chain));
  expect((await verify()).code).toBe(0);
});

test("a renewed pair is shown within seconds, by itself, with calls up and without a restart", async () => {
  const [reception, van]: Phone[] = [await pbx.register("reception"), await pbx.register("van", "home")];
  if (reception === undefined || van === undefined) throw new Error("there are no phones");
  await van.call("101");
  await reception.waitEstablished(20_000);
  const pid = await asteriskPid(pbx);
  const pair = await issue();
  await put(pair);
  await until(async () => (await shown()) === certificateIn(pair.chain), "the renewed certificate", 30_000);
  expect([van.inCall, reception.inCall, await asteriskPid(pbx)]).toEqual([true, true, pid]);
  await van.hangup();
  expect((await verify()).stdout).not.toContain("FAIL");
});

test("files that are touched again and again do not end the watch", async () => {
  await onHost(pbx, "sh", "-ec", `for i in $(seq 15); do touch ${live}/fullchain.pem; sleep 0.6; done`);
  const watch = ["systemctl", "show", "-p", "ActiveState", "--value", "hardened-asterisk-renew.path"];
  expect(await onHost(pbx, ...watch)).toBe("active\n");
  expect((await verify()).stdout).not.toContain("FAIL");
});

test("a broken pair is refused: phones are shown the old one, also after a restart, and `verify` and the journal say why", async () => {
  const before = await shown();
  const [one, other] = [await issue(), await issue(`${names},DNS:other.example.net`)];
  await put({ key: one.key, chain: other.chain });
  await until(async () => (await renewal()) === "failed", "the renewal's refusal", 40_000);
  const words = `tls.privateKey: ${live}/privkey.pem is not the key of the first certificate in ${live}/fullchain.pem`;
  expect(await journal()).toMatch(/^\{"alarm": "certificate-refused", "days": 0, "reason": "tls.privateKey: /m);
  const { code, stdout } = await verify();
  expect([code, stdout]).toEqual([1, expect.stringContaining(words)]);
  await onHost(pbx, "systemctl", "restart", "asterisk.service");
  await until(async () => (await shown()) === before, "the old certificate", 30_000);
  expect(before).toBeDefined();
});

test("an `up` goes on with the old one meanwhile, and takes the mended pair", async () => {
  const before = await shown();
  expect((await lookAgain()).code).toBe(0);
  expect(await shown()).toBe(before);
  await onHost(pbx, "systemctl", "stop", "hardened-asterisk-renew.path");
  const pair = await issue();
  await put(pair);
  expect((await verify()).stdout).toMatch(/FAIL certificate /);
  const { code, stdout, stderr } = await lookAgain();
  expect([code, stdout + stderr]).toEqual([0, expect.stringContaining("drifted: certificate: ")]);
  expect(await shown()).toBe(certificateIn(pair.chain));
  expect((await verify()).code).toBe(0);
});
