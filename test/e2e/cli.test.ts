import path from "node:path";
import { tryRun } from "../../sandbox/command";
import { Installation } from "../../tools/operator/installation";
import { officeSpec, onHost } from "./scenario";

const name = "testcli";
const minutes = 60_000;
const main = path.join(__dirname, "../../dist/cli/main.js");
let pbx: Installation;

const cli = (args: readonly string[], input = "") => tryRun([process.execPath, main, ...args], { input });

/** `hardened-asterisk verify` as an operator runs it, with what his ssh configuration would say given as options. */
function verify(port = pbx.sandbox.ssh.port) {
  const { user, host, privateKeyFile, knownHostsFile } = pbx.sandbox.ssh;
  const settings = { UserKnownHostsFile: knownHostsFile, StrictHostKeyChecking: "yes", BatchMode: "yes" };
  const options = Object.entries(settings).flatMap(([key, value]) => ["-o", `${key}=${value}`]);
  const login = ["-F", "none", "-p", String(port), "-i", privateKeyFile];
  return cli(["verify", `${user}@${host}`, "--", ...login, ...options]);
}

beforeAll(async () => {
  pbx = await Installation.open({ name, spec: officeSpec() });
}, 5 * minutes);

afterAll(async () => {
  await Installation.remove(name);
}, minutes);

test("verify says so on a machine that was never delivered to", async () => {
  const { code, stdout, stderr } = await verify();
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain("is not installed on this host; deliver it with pulumi up");
}, 30_000);

describe("after pulumi up", () => {
  beforeAll(() => pbx.stack.up(), 5 * minutes);

  test(
    "verify prints the host's table, and its exit code tells a changed file",
    async () => {
      const before = await verify();
      expect(before.code).toBe(0);
      expect(before.stdout).toMatch(/^ok {3}file \/etc\/asterisk\/pjsip\.conf$/m);
      expect(before.stdout).toMatch(/^ok {3}probe firewall$/m);
      await onHost(pbx, "sh", "-c", "echo '; mine' >> /etc/asterisk/logger.conf");
      const after = await verify();
      expect(after.code).toBe(1);
      expect(after.stdout).toMatch(/^FAIL file \/etc\/asterisk\/logger\.conf {2}content, owner or mode differs$/m);
    },
    minutes,
  );

  test("verify tells a host that cannot be reached from one that disagrees", async () => {
    const { code, stderr } = await verify(1);
    expect(code).toBe(255);
    expect(stderr).toContain("Connection refused");
  }, 30_000);

  test(
    "card prints what registers a phone",
    async () => {
      const cards = await pbx.stack.output<Record<string, { user: string; password: string }>>("credentials");
      const { code, stdout } = await cli(["card", "sales"], JSON.stringify(cards));
      expect(code).toBe(0);
      const typed = (label: string) => new RegExp(`^${label} +(\\S+)$`, "m").exec(stdout)?.[1];
      expect([typed("User name"), typed("Password")]).toEqual([cards["sales"]?.user, cards["sales"]?.password]);
      const phone = await pbx.register("sales");
      await phone.stop();
    },
    minutes,
  );
});
