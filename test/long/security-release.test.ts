import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { run } from "../../sandbox/command";
import { ensureAsteriskPackage, type BuiltPackage } from "../../tools/asterisk-build/asterisk-package";
import { digestOfFile } from "../../tools/asterisk-build/fetch-sources";
import { Installation } from "../../tools/operator/installation";
import { ring } from "../e2e/office-calls";
import type { Phone } from "../e2e/peers/phone";
import { asteriskPid, officeSpec, onHost } from "../e2e/scenario";

const name = "testrelease13";
const minutes = 60_000;
const progress = (line: string) => void process.stderr.write(`${line}\n`);
const packageName = "hardened-asterisk-asterisk";
let folder: string;
let pbx: Installation;
let reception: Phone;
let sales: Phone;
let running: BuiltPackage;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "security-release-"));
  const [built] = await ensureAsteriskPackage({ progress });
  if (built === undefined) throw new Error("no package was built");
  running = built;
  pbx = await Installation.open({ name, spec: officeSpec(), os: "debian-13", image: "bare", progress });
}, 60 * minutes);

afterAll(async () => {
  for (const phone of pbx.phones.values()) await phone.stop();
  await Installation.remove(name);
  rmSync(folder, { recursive: true });
}, minutes);

/** The package that runs, under another version: what a build of other pinned sources would give, without its half hour. */
async function packageOf(version: string): Promise<BuiltPackage> {
  const tree = path.join(folder, version);
  await run(["dpkg-deb", "--raw-extract", running.path, tree]);
  const control = path.join(tree, "DEBIAN/control");
  const text = readFileSync(control, "utf8").replace(/^Version: .*/m, `Version: ${version}`);
  writeFileSync(control, text.replace(/^Provides: .*/m, `Provides: asterisk (= ${version})`));
  const file = path.join(folder, `${packageName}.${version.replace(/^\d+:/, "")}.deb`);
  await run(["dpkg-deb", "--root-owner-group", "-Zgzip", "--build", tree, file]);
  return { path: file, sha256: digestOfFile(file) };
}

const give = (built: BuiltPackage) => {
  pbx.stack.editConfig({ "pbx:asteriskPackage": { ...built } });
};
const installed = () => onHost(pbx, "dpkg-query", "-W", "-f=${Version}", packageName);
const failingUp = async () => {
  const { code, stdout, stderr } = await pbx.stack.try(pbx.stack.upCommand);
  expect(code).not.toBe(0);
  return stdout + stderr;
};
const call = async () => {
  await reception.call("102");
  await sales.waitEstablished(ring);
};
const hangUp = async () => {
  await reception.hangup();
  await sales.waitClosed(ring);
};

test(
  "the package installed by hand stays down without a configuration",
  async () => {
    await onHost(pbx, "sh", "-ec", `apt-get -qq update; apt-get -qq -y install ${packageName}`);
    await onHost(pbx, "systemctl", "start", "asterisk.service");
    const state = () => onHost(pbx, "systemctl", "show", "-p", "ActiveState,NRestarts", "asterisk.service");
    expect((await state()).trim().split("\n").sort()).toEqual(["ActiveState=inactive", "NRestarts=0"]);
  },
  2 * minutes,
);

test(
  "a release below the version floor is refused by the host; the pinned one makes a PBX of it",
  async () => {
    give(await packageOf("1:22.10.0-1~ha13+1"));
    expect(await failingUp()).toMatch(
      /holds hardened-asterisk-asterisk 1:22\.10\.0-1~ha13\+1, which is below 1:22\.10\.1 and has published holes; build a newer one/,
    );
    give(running);
    await pbx.stack.up();
    [reception, sales] = await Promise.all([pbx.register("reception"), pbx.register("sales")]);
    await call();
    await hangUp();
  },
  8 * minutes,
);

test(
  "a newer one is refused while a call is up, which goes on; then it is installed, and phones call again",
  async () => {
    const [version, pid] = [await installed(), await asteriskPid(pbx)];
    give(await packageOf("1:22.11.0-1~ha13+1"));
    await call();
    expect(await failingUp()).toMatch(/this change restarts asterisk, and 2 channels are up; nothing was changed/);
    expect([await installed(), await asteriskPid(pbx), reception.inCall]).toEqual([version, pid, true]);
    await hangUp();
    await pbx.stack.up();
    expect(await installed()).toBe("1:22.11.0-1~ha13+1");
    expect(await asteriskPid(pbx)).not.toBe(pid);
    expect((await onHost(pbx, "hardened-asterisk", "verify")).trim()).not.toMatch(/^(?!ok |\? )/m);
    await call();
    await hangUp();
    const { created, updated, replaced } = await pbx.stack.up();
    expect([created, updated, replaced]).toEqual([0, 0, 0]);
  },
  8 * minutes,
);

test(
  "going back to the package before keeps the newer Asterisk, which runs on",
  async () => {
    const pid = await asteriskPid(pbx);
    give(running);
    await pbx.stack.up();
    expect([await installed(), await asteriskPid(pbx)]).toEqual(["1:22.11.0-1~ha13+1", pid]);
  },
  4 * minutes,
);
