import { HostOs } from "../../core/platform/platforms";
import { problemsInLog, problemsOnConsole } from "./parts/boot-problems";
import { keysOf } from "./parts/known-keys";
import { bootPbx, type BootedPbx } from "./parts/staged-pbx";

// A sample: with LOAD_RELEASE=debian-13 the whole suite runs on Debian 13, as `npm run test:long` has it.
describe.each(["roaming", "tls-trunk"])("the Asterisk built for Debian 13 on scenario %s", (name) => {
  let pbx: BootedPbx;
  beforeAll(async () => {
    pbx = await bootPbx(name, {}, HostOs.Debian13);
  }, 2_400_000);
  afterAll(async () => {
    expect(await pbx.asterisk.stop()).toBe(0);
    await pbx.host.close();
  });

  test("boots without a warning, with every module running", async () => {
    expect(problemsOnConsole(pbx.asterisk.console)).toEqual([]);
    expect(problemsInLog(pbx.host.read("/var/log/asterisk/messages.log"))).toEqual([]);
    expect(await pbx.asterisk.ask("module show")).not.toContain("Not Running");
  });

  test("knows every key, by the documentation that its package installs", async () => {
    expect(await keysOf(pbx)).toEqual({ unknown: [], twice: [] });
  });

  test("holds the modules of the platform's list, and no other is on the disk", async () => {
    const { directories } = pbx.scenario.profile.platform.os;
    const found = (await pbx.host.run(["ls", directories.modules])).stdout.trim().split("\n");
    expect(found.sort()).toEqual([...pbx.scenario.profile.platform.asterisk.modules].sort());
  });
});
