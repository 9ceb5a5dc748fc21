import { HostOs } from "../../core/platform/platforms";
import { problemsInLog, problemsOnConsole } from "./parts/boot-problems";
import { keysOf } from "./parts/known-keys";
import { release } from "./parts/release";
import { bootPbx, scenarios, type BootedPbx } from "./parts/staged-pbx";

/** What Asterisk 22.10.1 has built in and `module show` lists. */
const builtIn = [
  ..."acl ccss cdr cel dnsmgr dsp enum extconfig features http indications logger manager plc sounds udptl".split(" "),
];

/** Modules that must never be loaded, by the beginning of their names. */
const denied = [
  ..."chan_sip chan_iax2 chan_unistim chan_mgcp chan_skinny chan_motif chan_console chan_audiosocket".split(" "),
  ..."chan_rtp chan_websocket app_system app_exec app_originate app_externalivr app_minivm app_chanspy".split(" "),
  ..."app_disa app_sms app_festival app_mixmonitor func_shell func_env func_curl func_odbc".split(" "),
  ..."func_realtime pbx_spool pbx_ael pbx_lua pbx_dundi pbx_realtime res_agi res_ari res_clioriginate".split(" "),
  ..."res_phoneprov res_http_post res_snmp res_xmpp res_hep res_config_ res_prometheus res_corosync".split(" "),
  ..."res_pjsip_endpoint_identifier_anonymous res_pjsip_messaging res_pjsip_phoneprov_provider".split(" "),
];

async function loadedModules({ asterisk }: BootedPbx): Promise<string[]> {
  const rows = (await asterisk.ask("module show")).split("\n").filter((row) => /\s(?:Not )?Running\s/.test(row));
  return rows.map((row) => `${/^\S+/.exec(row)?.[0] ?? row}${row.includes("Not Running") ? " (not running)" : ""}`);
}

function allowed({ files }: BootedPbx): string[] {
  const text = files.get("/etc/asterisk/modules.conf") ?? "";
  return [...text.matchAll(/^(?:load|require|preload) = (\S+)/gm)].flatMap(([, name]) => name ?? []);
}

describe.each(scenarios)("the real Asterisk on scenario %s", (name) => {
  let pbx: BootedPbx;
  beforeAll(async () => {
    pbx = await bootPbx(name);
  }, 120_000);
  afterAll(async () => {
    expect(await pbx.asterisk.stop()).toBe(0);
    await pbx.host.close();
  });

  test("boots without a warning", () => {
    expect(problemsOnConsole(pbx.asterisk.console)).toEqual([]);
    expect(problemsInLog(pbx.host.read("/var/log/asterisk/messages.log"))).toEqual([]);
  });

  test("loads the allowlist and what is built in, nothing else", async () => {
    const loaded = await loadedModules(pbx);
    expect(loaded.sort()).toEqual([...allowed(pbx), ...builtIn].sort());
    expect(loaded.filter((module) => denied.some((beginning) => module.startsWith(beginning)))).toEqual([]);
    expect(loaded.length).toBeLessThanOrEqual(85);
  });

  test("has only keys that this Asterisk knows, each from its documentation or from our tables, never from both", async () => {
    expect(await keysOf(pbx)).toEqual({ unknown: [], twice: [] });
  });

  test("cannot write any of its configuration", async () => {
    const writable = await pbx.host.run([
      "setpriv",
      "--reuid=asterisk",
      "--regid=asterisk",
      "--init-groups",
      "--",
      "find",
      "/etc",
      "/usr/lib",
      "/usr/share/asterisk",
      "-writable",
      "-not",
      "-type",
      "l",
    ]);
    expect(writable.stdout.split("\n").filter(Boolean)).toEqual([]);
  });
});

describe("a weakened copy is noticed", () => {
  const weakened = {
    "an unknown option": {
      "/etc/asterisk/pjsip.conf": (text: string) => text.replace("max_contacts = 1", "max_contact = 1"),
    },
    "an unknown module": {
      "/etc/asterisk/modules.conf": (text: string) => `${text}load = app_missing.so\n`,
    },
    "an extension twice": {
      "/etc/asterisk/extensions.conf": (text: string) =>
        text.replace("[dial-internal]\n", "[dial-internal]\nexten => 101,1,Hangup()\n"),
    },
  };
  test.each(Object.entries(weakened))(
    "%s",
    async (_what, edits) => {
      const pbx = await bootPbx("office", edits);
      try {
        const problems = problemsInLog(pbx.host.read("/var/log/asterisk/messages.log"));
        expect([...problems, ...problemsOnConsole(pbx.asterisk.console)]).not.toEqual([]);
      } finally {
        await pbx.host.close();
      }
    },
    60_000,
  );

  test("a module of the denylist, and keys that Asterisk ignores without a word", async () => {
    const pbx = await bootPbx("office", {
      "/etc/asterisk/modules.conf": (text) => `${text}load = func_shell.so\n`,
      "/etc/asterisk/cdr.conf": (text) => `${text}unaswered = yes\n`,
      "/etc/asterisk/rtp.conf": (text) => text.replace("strictrtp", "strictrpt"),
    });
    try {
      // The package that is built for Debian 13 has no such module.
      expect((await loadedModules(pbx)).includes("func_shell.so")).toBe(release === HostOs.Debian14);
      const { unknown } = await keysOf(pbx);
      expect(unknown).toEqual([
        expect.stringMatching(
          /^\/etc\/asterisk\/cdr\.conf:\d+: \[general\] has no key "unaswered"; did you mean "unanswered"\?$/,
        ),
        expect.stringMatching(/^\/etc\/asterisk\/rtp\.conf:\d+: .*"strictrpt"; did you mean "strictrtp"\?$/),
      ]);
    } finally {
      await pbx.host.close();
    }
  }, 60_000);
});
