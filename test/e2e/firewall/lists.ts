import type { FirewallSpec } from "../../../core/spec/spec";
import { inNamespace, run, tryRun } from "../../../sandbox/command";
import { bootHost, killHost } from "../../../sandbox/sandbox";
import { outcomeOf, ring } from "../office-calls";
import { onHost } from "../scenario";
import { officeWithVans, table, until, type Bench } from "./bench";

const minutes = 60_000;
const feed = "/etc/hardened-asterisk/feeds/mine";

/**
 * What feeds and countries do on a host with one phone on the road. In libloc's database the office is in the United States, the
 * attacker and the router of `home` are nowhere; the attacker is given an address of Liechtenstein, which is quickly read.
 */
export function listCases(bench: () => Bench): void {
  const deliver = async (firewall: FirewallSpec) => {
    bench().pbx.stack.setSpec({ ...officeWithVans(1), firewall });
    await bench().pbx.stack.up();
  };
  const status = () => onHost(bench().pbx, "hardened-asterisk", "status");
  const write = (text: string) =>
    onHost(bench().pbx, "sh", "-c", 'mkdir -p "${1%/*}"; printf %s "$2" > "$1.new"; mv "$1.new" "$1"', "-", feed, text);

  /** Whether a connection from an address of the attacker to the port for phones on the road comes about. */
  const reaches = async (source: string) => {
    const { namespaces, addresses } = bench().pbx.sandbox;
    const script = `import socket; socket.create_connection(("${addresses.pbx}", 5061), 2, ("${source}", 0))`;
    const tried = await tryRun(inNamespace(namespaces.attacker, ["python3", "-c", script]));
    if (tried.code !== 0 && !tried.stderr.includes("timed out")) throw new Error(tried.stderr);
    return tried.code === 0;
  };
  /** Moves the attacker to Liechtenstein too, inside the sandbox, and returns the address. */
  const move = async () => {
    const listed = await onHost(bench().pbx, "location", "list-networks-by-cc", "--family", "ipv4", "LI");
    const address = listed.split("\n")[0]?.replace(/\d+\/\d+$/, (last) => String(parseInt(last) + 1)) ?? "";
    const { attacker, internet } = bench().pbx.sandbox.namespaces;
    await run(["ip", "-n", attacker, "address", "add", `${address}/32`, "dev", "eth0"]);
    await run(["ip", "-n", internet, "route", "add", `${address}/32`, "dev", "net-attacker"]);
    return address;
  };
  const serves = async () => {
    expect(await outcomeOf(bench().reception, "102")).toBe("put through");
    await bench().sales.waitClosed(ring);
  };

  let abroad = "";

  describe("feeds and a blocked country", () => {
    let [fed, other] = ["", ""];

    beforeAll(async () => {
      [fed = "", other = ""] = bench().fresh(2);
      await deliver({ feeds: ["mine"], blockCountries: ["LI"] });
      abroad = await move();
      await bench().pbx.register("van1", "home");
    }, 3 * minutes);

    test(
      "a stranger from the country is dropped, one from elsewhere is not",
      async () => {
        expect([await reaches(abroad), await reaches(fed)]).toEqual([false, true]);
        expect(await bench().counter("foreign")).toBeGreaterThan(0);
        expect(await status()).toMatch(/addresses +FAIL feed mine: 0 networks; .* is missing/);
      },
      minutes,
    );

    test(
      "a feed is in effect once it is written: its stranger is dropped, those who are trusted or proven are served",
      async () => {
        const { nat, office, operator } = bench().pbx.sandbox.addresses;
        await write(
          `# found\n${fed}\n${nat.outside}\n${office[0] ?? ""}/32\n198.51.100.0/24\n${operator}\nnot an address\n`,
        );
        await until(() => bench().holds("fed4", fed), "the feed being read");
        expect([await reaches(fed), await reaches(other)]).toEqual([false, true]);
        expect(await bench().counter("fed")).toBeGreaterThan(0);
        expect(await status()).toMatch(/addresses +ok +feed mine: 3 networks, written .*, 1 lines are no network/);
        await serves();
        await bench().pbx.phones.get("van1")?.stop();
        await bench().pbx.register("van1", "home");
      },
      minutes,
    );

    test(
      "what is in force survives a broken file and a deleted table; the file and old data are told of",
      async () => {
        await write("<html>\n<p>404\n</html>\n");
        await until(async () => (await status()).includes("is no list of addresses"), "the broken feed being told of");
        await onHost(bench().pbx, "nft", "delete", "table", ...table);
        await until(() => bench().holds("blocked4", abroad), "the countries");
        expect(await bench().holds("fed4", fed)).toBe(true);
        const [line = "", made = ""] =
          /countries blocked LI: \d+ networks, data of (\S+Z).*/.exec(await status()) ?? [];
        // How old it is depends on when the image was built.
        expect(line.includes("days old")).toBe(Date.now() - Date.parse(made) > 46 * 86_400_000);
        const journal = await onHost(bench().pbx, "journalctl", "--unit", "hardened-asterisk-lists", "--output", "cat");
        expect(journal).toMatch(/ALARM address-lists: feed mine: .* is no list of addresses/);
      },
      minutes,
    );
  });

  describe("an allowed country", () => {
    // The operator, whom the feed named, comes in over SSH all the same.
    beforeAll(() => deliver({ allowCountries: ["LI"] }), 3 * minutes);

    test(
      "a stranger from there comes in, one from elsewhere does not; without data nobody does, but for the trusted",
      async () => {
        const [stranger = ""] = bench().fresh(1);
        expect([await reaches(abroad), await reaches(stranger)]).toEqual([true, false]);
        await onHost(bench().pbx, "nft", "flush", "set", ...table, "allowed4");
        expect(await reaches(abroad)).toBe(false);
        expect(await status()).toMatch(/addresses +FAIL firewall: allowed4 is not filled/);
        await serves();
      },
      minutes,
    );

    test(
      "a database that is not its maker's is not used",
      async () => {
        const place = "/var/lib/location/database.db";
        await onHost(
          bench().pbx,
          "sh",
          "-c",
          `cp ${place} ${place}.new; printf x | dd of=${place}.new bs=1 seek=20000000 conv=notrunc; mv ${place}.new ${place}`,
        );
        await onHost(bench().pbx, "systemctl", "start", "hardened-asterisk-lists");
        expect(await status()).toContain("does not bear its maker's signature");
        expect(await bench().holds("allowed4", abroad)).toBe(true);
      },
      minutes,
    );

    test(
      "what was read outlives a power cut: the unit that loads the firewall at boot loads it too",
      async () => {
        const { sandbox } = bench().pbx;
        await killHost(sandbox, "pbx");
        await bootHost(sandbox, "pbx");
        await until(() => bench().holds("allowed4", abroad), "the countries");
        const boot = ["journalctl", "--boot", "--unit", "hardened-asterisk-firewall", "--output", "cat"];
        expect(await onHost(bench().pbx, ...boot)).toMatch(/\d+ networks of the address lists are in the firewall/);
      },
      minutes,
    );
  });
}
