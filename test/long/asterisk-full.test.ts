import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { HostOs } from "../../core/platform/platforms";
import { run } from "../../sandbox/command";
import { mirror } from "../../sandbox/image/recipe";
import { ensureAsteriskPackage, type BuiltPackage } from "../../tools/asterisk-build/asterisk-package";
import { pinnedSource, readPinnedSource } from "../../tools/asterisk-build/pinned-source";
import { bootPbx } from "../load/parts/staged-pbx";

const hours = 3_600_000;
const progress = (line: string) => void process.stderr.write(`${line}\n`);
let folder: string;
let built: readonly BuiltPackage[];

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "asterisk-full-"));
  built = await ensureAsteriskPackage({ progress, full: true });
}, 4 * hours);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const fieldOf = (file: string, field: string) => run(["dpkg-deb", "--field", file, field]).then((text) => text.trim());

/** A fresh Debian 13 with Asterisk out of the packages that were built, and what they need out of the release. */
async function installed(): Promise<string> {
  const root = path.join(folder, "root");
  const debs = path.join(folder, "debs");
  mkdirSync(debs);
  await run(["cp", ...built.map((one) => one.path), debs]);
  const install = "apt-get --quiet=2 --yes --no-install-recommends install";
  const wanted = ["", "-config", "-modules"].map((part) => `/debs/asterisk${part}_*.deb`).join(" ");
  const hooks = [`cp -r ${debs} "$1/debs"`, `chroot "$1" sh -ec '${install} ${wanted}'`, `rm -r "$1/debs"`];
  const spaces = ["--mount", "--propagation", "private"];
  const options = ["--mode=root", "--variant=minbase", "--format=directory", "--include=openssl,systemd"];
  const kept = '--aptopt=Acquire::Check-Valid-Until "false"';
  const customize = hooks.map((hook) => `--customize-hook=${hook}`);
  await run(["unshare", ...spaces, "mmdebstrap", ...options, kept, ...customize, "trixie", root, await mirror()], {
    timeout: hours,
  });
  return root;
}

test("all of Debian's packages are built, under the version that is pinned", async () => {
  const { version } = readPinnedSource(pinnedSource);
  const packages = await Promise.all(
    built.map(async (one) => `${await fieldOf(one.path, "Package")} ${await fieldOf(one.path, "Version")}`),
  );
  const parts = ["", "-config", "-dahdi", "-dev", "-doc", "-mobile", "-modules", "-mp3", "-mysql", "-ooh323", "-tests"];
  expect(packages.sort()).toEqual(parts.map((part) => `asterisk${part} ${version}`));
});

test(
  "they install on a fresh Debian 13, and Asterisk starts there with a golden scenario",
  async () => {
    const pbx = await bootPbx("office", {}, HostOs.Debian13, await installed());
    try {
      expect(await pbx.asterisk.ask("core show version")).toMatch(/^Asterisk 22\./);
      expect(await pbx.asterisk.ask("module show")).not.toContain("Not Running");
      expect(await pbx.asterisk.ask("pjsip show endpoints")).toContain("reception");
    } finally {
      expect(await pbx.asterisk.stop()).toBe(0);
      await pbx.host.close();
    }
  },
  2 * hours,
);
