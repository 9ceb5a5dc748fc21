import { perimeterNft } from "../../cli/perimeter/nft";
import { perimeterRules } from "../../core/bundle/perimeter";
import { readDump, settingOf } from "./parts/fail2ban-dump";
import type { StagedHost } from "./parts/staged-host";
import { scenarios, stagePbx, type Edits, type StagedPbx } from "./parts/staged-pbx";

const rules = "/etc/nftables.d/hardened-asterisk.nft";
const table = "inet hardened_asterisk";
const jail = "hardened-asterisk-sip";
const dropIn = "/etc/systemd/system/asterisk.service.d/hardened-asterisk.conf";
const units = [
  "asterisk.service",
  "fail2ban.service",
  "logrotate.service",
  "logrotate.timer",
  "hardened-asterisk-firewall.service",
  "hardened-asterisk-outdated.timer",
  "hardened-asterisk-setter.socket",
];
/** Exposure as `systemd-analyze security` counts it, 0–10; 22.10.1 with our drop-in was 1.2. */
const exposureLimit = 1.2;

/** An element of an nft set as `nft -j` prints it. */
type Network = string | { prefix: { addr: string; len: number } };
type Element = Network | { elem: { val: Network; expires: number } };
interface NftItem {
  chain?: { name: string; hook?: string; policy?: string };
  set?: { name: string; elem?: Element[] };
}

/** Runs commands one after the other in an empty network of the host's own; raises an `Error` when one fails. */
async function inEmptyNetwork(host: StagedHost, ...commands: string[]): Promise<string> {
  const result = await host.run(["unshare", "--net", "sh", "-ec", commands.join("\n")]);
  if (result.code !== 0) throw new Error(result.stderr);
  return result.stdout;
}

function elementsOf(items: readonly NftItem[], name: string): string[] {
  const elements = items.find(({ set }) => set?.name === name)?.set?.elem ?? [];
  const text = (element: Element): string => {
    if (typeof element === "string") return `${element}/${element.includes(":") ? 128 : 32}`;
    if ("prefix" in element) return `${element.prefix.addr}/${element.prefix.len}`;
    return typeof element.elem.val === "string" ? element.elem.val : text(element.elem.val);
  };
  return elements.map(text).sort();
}

async function exposure(host: StagedHost): Promise<number> {
  const { stdout } = await host.run([
    "systemd-analyze",
    "security",
    "--offline=true",
    "--no-pager",
    "asterisk.service",
  ]);
  const level = /Overall exposure level for asterisk\.service: ([\d.]+)/.exec(stdout)?.[1];
  if (level === undefined) throw new Error(`no exposure level in: ${stdout}`);
  return Number(level);
}

const verify = async (host: StagedHost): Promise<string> => {
  const { code, stdout, stderr } = await host.run(["systemd-analyze", "verify", "--man=no", ...units]);
  return `${code === 0 ? "" : `status ${String(code)} `}${stdout}${stderr}`;
};

/** Asterisk makes its log before fail2ban looks for it. */
async function makeLog(host: StagedHost): Promise<void> {
  host.write("/var/log/asterisk/security.log", "", { owner: "asterisk", group: "asterisk", mode: "0640" });
  await host.run(["install", "-d", "/run/fail2ban"]);
}

describe.each(scenarios)("Debian 14's own tools on scenario %s", (name) => {
  let pbx: StagedPbx;
  beforeAll(async () => {
    pbx = await stagePbx(name);
    await makeLog(pbx.host);
  }, 120_000);
  afterAll(async () => {
    await pbx.host.close();
  });

  test("nft takes the rules, and they are a default drop with the addresses of the spec", async () => {
    const listed = await inEmptyNetwork(
      pbx.host,
      `nft -c -f ${rules}`,
      `nft -f ${rules}`,
      `nft -j list table ${table}`,
    );
    const items = (JSON.parse(listed) as { nftables: NftItem[] }).nftables;
    const chains = items.flatMap(({ chain }) => chain ?? []).filter(({ hook }) => hook === "input");
    expect(chains).toMatchObject([{ name: "input", policy: "drop" }]);
    const { admins, phones, trunks } = pbx.scenario.profile;
    const networks = phones.flatMap((phone) => phone.networks);
    const of = (list: readonly string[], six: boolean) =>
      [...new Set(list)].filter((n) => n.includes(":") === six).sort();
    const everyAdmin = (six: 4 | 6) =>
      [`admins${six}`, `wide_admins${six}`].flatMap((set) => elementsOf(items, set)).sort();
    expect([everyAdmin(4), everyAdmin(6)]).toEqual([of(admins, false), of(admins, true)]);
    const over = (way: string) => trunks.flatMap(({ transport, signalling }) => (transport === way ? signalling : []));
    expect(elementsOf(items, "signalling")).toEqual(of([...networks, ...over("udp")], false));
    const overUdp = phones.flatMap(({ transport, networks }) => (transport === "udp" ? networks : []));
    expect(elementsOf(items, "datagrams")).toEqual(of([...overUdp, ...over("udp")], false));
    expect(elementsOf(items, "carriers")).toEqual(of(over("tls"), false));
    expect(elementsOf(items, "media")).toEqual(of([...networks, ...trunks.flatMap(({ media }) => media)], false));
  });

  test("nft takes the rules for a firewall in front of the host, again too, and no packet without the host's address", async () => {
    const text = perimeterNft(perimeterRules(pbx.scenario.profile));
    pbx.host.write("/root/perimeter.nft", text, { owner: "root", group: "root", mode: "0600" });
    const defines = "-D pbx=203.0.113.10 -D pbx6=2001:db8:113::10";
    const load = `nft ${defines} -f /root/perimeter.nft`;
    const listed = await inEmptyNetwork(pbx.host, `nft -c ${load.slice(4)}`, load, load, "nft list ruleset");
    expect(listed).toMatch(/ip daddr 203\.0\.113\.10 goto to_pbx/);
    expect(listed.match(/^\t\tdrop$/gm)).toHaveLength(2);
    await expect(inEmptyNetwork(pbx.host, "nft -c -f /root/perimeter.nft")).rejects.toThrow("unknown identifier 'pbx'");
  });

  test("loading the rules again keeps the bans and other tables", async () => {
    const listed = await inEmptyNetwork(
      pbx.host,
      "nft add table inet other",
      `nft -f ${rules}`,
      `nft 'add element ${table} banned4 { 198.51.100.8 timeout 1h }'`,
      `nft 'add element ${table} banned_nets6 { 2001:db8:bad::8/64 timeout 1h }'`,
      `nft -f ${rules}`,
      `nft -j list table ${table}`,
      "nft list table inet other >&2",
    );
    const items = (JSON.parse(listed) as { nftables: NftItem[] }).nftables;
    expect([elementsOf(items, "banned4"), elementsOf(items, "banned_nets6")]).toEqual([
      ["198.51.100.8"],
      ["2001:db8:bad::/64"],
    ]);
  });

  test("fail2ban takes the jail, which spares everybody the spec names", async () => {
    expect(await pbx.host.run(["fail2ban-client", "-t"])).toMatchObject({ code: 0 });
    const commands = readDump((await pbx.host.run(["fail2ban-client", "-d"])).stdout);
    expect(settingOf(commands, jail, "addlogpath")).toEqual(["/var/log/asterisk/security.log", "head"]);
    expect(settingOf(commands, jail, "usedns")).toEqual(["no"]);
    const { admins, neverBannedAdmins, phones, trunks } = pbx.scenario.profile;
    const spared = [
      ...neverBannedAdmins,
      ...phones.flatMap((phone) => phone.networks),
      ...trunks.flatMap(({ signalling }) => signalling),
    ];
    const ignored = settingOf(commands, jail, "addignoreip");
    expect(ignored).toEqual(expect.arrayContaining(spared));
    const anywhere = admins.filter((network) => network.endsWith("/0"));
    expect(ignored.filter((network) => anywhere.includes(network))).toEqual([]);
    expect(settingOf(commands, jail, "addaction")[0]).toBe("hardened-asterisk-setter");
  });

  test("systemd has no remark on our units, and calls Asterisk's exposure low", async () => {
    expect(await verify(pbx.host)).toBe("");
    expect(await exposure(pbx.host)).toBeLessThanOrEqual(exposureLimit);
  });
});

describe("the tools notice a weakened copy", () => {
  const weak = async (edits: Edits, judge: (host: StagedHost) => Promise<void>) => {
    const { host } = await stagePbx("office", edits);
    try {
      await makeLog(host);
      await judge(host);
    } finally {
      await host.close();
    }
  };

  test("nft, a rule that names no set", async () => {
    await weak(
      { [rules]: (text) => text.replace("ip saddr @signalling goto", "ip saddr @signaling goto") },
      async (host) => {
        await expect(inEmptyNetwork(host, `nft -c -f ${rules}`)).rejects.toThrow(/signaling/);
      },
    );
  }, 30_000);

  test("nft, rules that are made anew forget the bans", async () => {
    const anew = (text: string) =>
      text.replace(`flush table ${table}`, `delete table ${table}`).replace(/^flush set .*$/gm, "");
    await weak({ [rules]: anew }, async (host) => {
      const ban = `nft 'add element ${table} banned4 { 198.51.100.8 timeout 1h }'`;
      await expect(
        inEmptyNetwork(host, `nft -f ${rules}`, ban, `nft -f ${rules}`, `nft list set ${table} banned4 | grep 198`),
      ).rejects.toThrow();
    });
  }, 30_000);

  test("fail2ban, a jail whose filter is not there", async () => {
    const jailFile = "/etc/fail2ban/jail.d/hardened-asterisk.conf";
    await weak({ [jailFile]: (text) => text.replace(/^filter = .*$/m, "filter = missing") }, async (host) => {
      expect((await host.run(["fail2ban-client", "-t"])).code).not.toBe(0);
    });
  }, 30_000);

  test("systemd, a misspelt setting and lost protections", async () => {
    const misspelt = (text: string) => text.replace("NoNewPrivileges=", "NoNewPriviliges=");
    await weak({ [dropIn]: misspelt }, async (host) => {
      expect(await verify(host)).toMatch(/NoNewPriviliges/);
    });
    await weak({ [dropIn]: (text) => text.replace("CapabilityBoundingSet=\n", "") }, async (host) => {
      expect(await exposure(host)).toBeGreaterThan(exposureLimit);
    });
  }, 30_000);
});
