import { readFileSync } from "node:fs";
import path from "node:path";
import { execOn } from "../../sandbox/sandbox";
import { ensureAsteriskPackage, type BuiltPackage } from "../../tools/asterisk-build/asterisk-package";
import { Installation } from "../../tools/operator/installation";
import { eventually } from "./faults/settled";
import { clearly, talk } from "./office-calls";
import { registerGuesses } from "./peers/stranger";
import { asteriskPid, officeSpec, onHost } from "./scenario";

const name = "test13";
const minutes = 60_000;
const progress = (line: string) => void process.stderr.write(`${line}\n`);
let pbx: Installation;
let built: BuiltPackage;
let url: string;

beforeAll(async () => {
  const [one] = await ensureAsteriskPackage({ progress });
  if (one === undefined) throw new Error("no package was built");
  built = one;
  pbx = await Installation.open({ name, spec: officeSpec(), os: "debian-13", image: "bare", twin: true, progress });
  url = `http://${pbx.sandbox.addresses.repository}/${path.basename(built.path)}`;
}, 40 * minutes);

afterAll(async () => {
  for (const phone of pbx.phones.values()) await phone.stop();
  await Installation.remove(name);
}, minutes);

const give = (asteriskPackage: Record<string, string>) => {
  pbx.stack.editConfig({ "pbx:asteriskPackage": asteriskPackage });
};
const failingUp = async () => {
  const { code, stdout, stderr } = await pbx.stack.try(pbx.stack.upCommand);
  expect(code).not.toBe(0);
  return stdout + stderr;
};
const asteriskOnHost = async () => (await execOn(pbx.sandbox, "pbx", ["dpkg-query", "-W", "*asterisk*"])).stdout;

describe("a package that is not the one announced", () => {
  test(
    "none at all: refused at once, with what to do",
    async () => {
      pbx.stack.editConfig({ "pbx:asteriskPackage": undefined });
      expect(await failingUp()).toMatch(/asteriskPackage: debian-13 packages no Asterisk: .*npm run build:asterisk/);
    },
    minutes,
  );

  test(
    "another file at the address: the host refuses it by its digest and installs nothing",
    async () => {
      give({ url, sha256: "0".repeat(64) });
      expect(await failingUp()).toMatch(/did not give the file of sha256 0{64}.*correct url and sha256/s);
      expect(await asteriskOnHost()).toBe("");
      expect(await onHost(pbx, "ls", "/var/lib/hardened-asterisk/packages")).toBe("");
    },
    2 * minutes,
  );
});

describe("a bare Debian 13 with the package beside the configuration", () => {
  test(
    "becomes a PBX on which two phones talk",
    async () => {
      give({ path: built.path, sha256: built.sha256 });
      await pbx.stack.up();
      expect(await asteriskOnHost()).toMatch(/^hardened-asterisk-asterisk\s+1:22\./m);
      const [reception, sales] = await Promise.all([pbx.register("reception"), pbx.register("sales")]);
      for (const { share } of await talk(reception, "102", sales)) expect(share).toBeGreaterThan(clearly);
    },
    5 * minutes,
  );

  test("leaves the package to root alone, nothing in the SSH user's folder, and not its content in the state", async () => {
    const folder = "/var/lib/hardened-asterisk/packages";
    expect(await onHost(pbx, "sh", "-c", `cd ${folder} && stat -c '%n %U %a' *.deb && sha256sum *.deb`)).toBe(
      `${built.sha256}.deb root 600\n${built.sha256}  ${built.sha256}.deb\n`,
    );
    expect(await onHost(pbx, "ls", "/root")).toBe("");
    expect(readFileSync(pbx.stack.stateFile, "utf8").length).toBeLessThan(readFileSync(built.path).length / 2);
  });

  test(
    "agrees with its own verify, and a second up changes nothing",
    async () => {
      expect((await onHost(pbx, "hardened-asterisk", "verify")).trim()).not.toMatch(/^(?!ok |\? )/m);
      const { created, updated, replaced, unchanged } = await pbx.stack.up();
      expect([created, updated, replaced, unchanged]).toEqual([0, 0, 0, 6]);
    },
    minutes,
  );

  test(
    "puts its firewall back when something else has removed it, by a guard that runs since it was started",
    async () => {
      const watched = () => onHost(pbx, "sh", "-c", "nft list chain inet hardened_asterisk output | grep refused_out");
      await onHost(pbx, "nft", "flush", "ruleset");
      await eventually(minutes, async () => ((await watched().catch(() => "")) === "" ? "no rules" : undefined));
      const restarts = ["systemctl", "show", "-p", "NRestarts", "--value", "hardened-asterisk-guard.service"];
      expect(await onHost(pbx, ...restarts)).toBe("0\n");
    },
    2 * minutes,
  );

  test(
    "keeps strangers out who get into the unhardened twin",
    async () => {
      const { attacker } = pbx.sandbox.addresses;
      const letIn = async (target: string, index: number) => {
        const guess = { namespace: pbx.sandbox.namespaces.attacker, address: attacker[index] ?? "", target };
        return (await registerGuesses(guess)).filter(({ status }) => status === 200).length;
      };
      expect(await letIn(pbx.sandbox.addresses.twin, 0)).toBeGreaterThan(0);
      expect(await letIn(pbx.sandbox.addresses.pbx, 1)).toBe(0);
    },
    2 * minutes,
  );

  test(
    "is told where the same file can be fetched without being touched, and fetches it when it is gone",
    async () => {
      const pid = await asteriskPid(pbx);
      give({ url, sha256: built.sha256 });
      await pbx.stack.up();
      expect(await asteriskPid(pbx)).toBe(pid);
      await onHost(pbx, "sh", "-c", "rm -r /var/lib/hardened-asterisk/packages");
      pbx.stack.editConfig({ "pbx:recheck": "once more" });
      await pbx.stack.up();
      expect((await onHost(pbx, "hardened-asterisk", "verify")).trim()).not.toMatch(/^(?!ok |\? )/m);
    },
    3 * minutes,
  );
});
