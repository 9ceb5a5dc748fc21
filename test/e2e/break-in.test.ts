import { execOn } from "../../sandbox/sandbox";
import { Installation } from "../../tools/operator/installation";
import { officeWithVans } from "./firewall/bench";
import { breakInto, type Target } from "./hardening/unit-break-in";
import { onHost } from "./scenario";

const name = "testbreakin";
const minutes = 60_000;
const unitsFolder = "/etc/systemd/system";
let pbx: Installation;

/** Setters hold the one right that the attempts on the firewall need: they are no boundary against it, and get hostile input instead. */
const firewall = [/^rights over the firewall$/, /^nft: /];
/** Who is Asterisk has its console and reads its own configuration. */
const asterisk = [/^speak to Asterisk's console$/, /^read secrets$/];

/** Every unit of the product that runs as a user without root's rights. */
const confined: readonly Target[] = [
  { unit: "asterisk.service", may: asterisk },
  { unit: "fail2ban.service", may: [/^own verb: ban$/], must: ["own verb: ban"] },
  { unit: "hardened-asterisk-lists.service", may: [/^own verb: lists$/], must: ["own verb: lists"] },
  { unit: "location-update.service" },
  { unit: "hardened-asterisk-setter.service", may: firewall },
  { unit: "hardened-asterisk-lists-setter.service", may: firewall },
  {
    unit: "hardened-asterisk-logs.service",
    golden: `logs-shipped/files${unitsFolder}/hardened-asterisk-logs.service`,
  },
  {
    unit: "hardened-asterisk-journal.service",
    golden: `aws-no-ssh/files${unitsFolder}/hardened-asterisk-journal.service`,
  },
];

/** Units that stay root's, each with its reason in docs/hardening.md: they read nothing that a stranger wrote, but through a child without rights. */
const ofRoot = [
  "hardened-asterisk-firewall.service",
  "hardened-asterisk-guard.service",
  "hardened-asterisk-outdated.service",
  "hardened-asterisk-recover.service",
  "hardened-asterisk-recover-at-boot.service",
  "hardened-asterisk-renew.service",
  "logrotate.service",
];

beforeAll(async () => {
  const spec = { ...officeWithVans(1), firewall: { feeds: ["mine"], blockCountries: ["LI"] } };
  pbx = await Installation.open({ name, spec });
  await pbx.stack.up();
  await onHost(pbx, "sh", "-c", "groupadd -f cwagent; id cwagent || useradd -r -g cwagent -G adm,asterisk cwagent");
}, 6 * minutes);

afterAll(async () => {
  await Installation.remove(name);
}, minutes);

test("every unit of the product is either broken into here or named as root's", async () => {
  const text = await onHost(pbx, "sh", "-c", `ls ${unitsFolder}`);
  const units = text
    .split("\n")
    .flatMap((entry) => /^((?:hardened-asterisk|\w[\w-]*\.service\.d).*)$/.exec(entry)?.[1] ?? []);
  const services = units.map((unit) => unit.replace(/\.d$/, "")).filter((unit) => unit.endsWith(".service"));
  const known = [...confined.map(({ unit }) => unit), ...ofRoot];
  expect(services.filter((unit) => !known.includes(unit))).toEqual([]);
  const users = await Promise.all(
    ofRoot.map((unit) => onHost(pbx, "systemctl", "show", "--property=User", "--value", unit)),
  );
  expect(users.map((user) => user.trim()).filter((user) => user !== "")).toEqual([]);
});

describe.each(confined)("hostile code in $unit", (target) => {
  test(
    "gets nothing done that the unit need not do",
    async () => {
      const outcome = await breakInto(pbx.sandbox, target);
      const broken = Object.entries(outcome).filter(([, how]) => how === "done");
      const may = target.may ?? [];
      expect(broken.map(([what]) => what).filter((what) => !may.some((one) => one.test(what)))).toEqual([]);
      for (const work of target.must ?? []) expect([work, outcome[work]]).toEqual([work, "done"]);
      expect(Object.keys(outcome).length).toBeGreaterThan(40);
    },
    3 * minutes,
  );
});

/** A server of fail2ban's that answers everybody with what, unpickled, writes where only root may. */
const hostileServer = `
import os, pickle, socket, sys
class Answer:
    def __reduce__(self):
        return os.system, ("touch /run/unpickled-by-root",)
path = "/run/fail2ban/fail2ban.sock"
if os.path.exists(path): os.unlink(path)
listener = socket.socket(socket.AF_UNIX)
listener.bind(path)
listener.listen()
listener.settimeout(25)
while True:
    line, _ = listener.accept()
    line.settimeout(2)
    try:
        line.recv(65536)
        line.sendall(pickle.dumps(Answer()) + b"<F2B_END_COMMAND>")
        line.recv(65536)
    except OSError: pass
    line.close()
`;

test(
  "a broken-in fail2ban cannot have root's client run what it answers; asked without the change of user, root does",
  async () => {
    const run = (script: string) => execOn(pbx.sandbox, "pbx", ["sh", "-c", script]);
    const serve = `systemctl stop fail2ban; mkdir -p /run/fail2ban; chown hardened-asterisk-fail2ban: /run/fail2ban 2>/dev/null
      systemd-run --quiet --unit=hostile-fail2ban setpriv --reuid="$(stat -c %u /run/fail2ban)" --clear-groups python3 -c '${hostileServer}'
      for i in $(seq 50); do test -S /run/fail2ban/fail2ban.sock && break; sleep 0.1; done`;
    await run(serve);
    try {
      for (const command of ["hardened-asterisk bans", "hardened-asterisk status", "fail2ban-client status"])
        await run(command);
      expect((await run("test -e /run/unpickled-by-root")).code).not.toBe(0);
      await run("/usr/bin/fail2ban-client status");
      expect((await run("test -e /run/unpickled-by-root")).code).toBe(0);
    } finally {
      await run("systemctl stop hostile-fail2ban; rm -f /run/unpickled-by-root; systemctl start fail2ban");
    }
  },
  2 * minutes,
);

test(
  "the attempts are no empty ones: root, outside any sandbox, gets them done",
  async () => {
    const outcome = await breakInto(pbx.sandbox, { unit: "plain", golden: "../e2e/hardening/plain.service" });
    const failed = Object.entries(outcome).filter(([what, how]) => !what.startsWith("setter ") && how !== "done");
    expect(failed.map(([what]) => what)).toEqual([]);
    const setters = Object.keys(outcome).filter((what) => what.startsWith("setter ") && outcome[what] === "done");
    expect(setters).toEqual([]);
  },
  2 * minutes,
);
