import type { PbxSpec } from "../../core/spec/spec";
import { installPackages, packagesOfMissing } from "../../sandbox/requirements";
import { Installation } from "../../tools/operator/installation";
import { watchFilter } from "./peers/filter-watch";
import { scanPorts, type PortScan } from "./peers/port-scan";
import { registerGuess } from "./peers/stranger";
import { onHost } from "./scenario";

const name = "testports";
const minutes = 60_000;
const spec: PbxSpec = {
  country: "JP",
  admins: ["198.51.100.7/32", "2001:db8:51::7/128"],
  phones: {
    reception: { number: "101", networks: ["198.51.100.0/24"] },
    van: { number: "104", roaming: true },
    // Behind the router, all of it on TLS: nothing is taken from there over UDP.
    branch: { number: "105", networks: ["100.64.7.2/32"], transport: "tls" },
  },
};
const every = { protocol: "tcp", ports: "1-65535" } as const;
/** What VoIP machines and Debian are found by: DNS, TFTP, portmap, NTP, SNMP, SCCP, MGCP, IAX2, DUNDi, UPnP, SIP, STUN, audio. */
const voip =
  "53,67-69,111,123,137,161,427,500,1194,1900,2000,2427,2727,3478,4500,4520,4569,5000,5036,5060-5080,5353,8088";
const audio = [10000, 10001, 10100, 10999, 11000, 15000, 19999, 20000];

let pbx: Installation;

beforeAll(async () => {
  await installPackages(packagesOfMissing({ nmap: "nmap" }), () => undefined);
  pbx = await Installation.open({ name, spec, twin: true });
  await pbx.stack.up();
}, 5 * minutes);

afterAll(async () => {
  await Installation.remove(name);
}, minutes);

type Place = "attacker" | "office" | "operator";
type Family = 4 | 6;

function scanner(place: Place, family: Family, index: number): { namespace: string; source: string } {
  const { namespaces, addresses } = pbx.sandbox;
  const own = family === 6 ? addresses.ipv6[place] : addresses[place];
  return { namespace: namespaces[place], source: typeof own === "string" ? own : (own[index] ?? "") };
}

/** Scans a host while what reaches it is watched there. */
async function scan(
  host: "pbx" | "twin",
  from: { namespace: string; source: string },
  what: Pick<PortScan, "protocol" | "ports">,
) {
  const { addresses } = pbx.sandbox;
  const target = (from.source.includes(":") ? addresses.ipv6 : addresses)[host];
  let open: number[] = [];
  const { arrived, passed } = await watchFilter(pbx.sandbox, host, from.source, async () => {
    open = await scanPorts({ ...from, ...what, target });
  });
  return { open, arrived: arrived.size, passed: [...passed].sort((a, b) => a - b) };
}

const tcp: readonly [Place, Family, number[]][] = [
  // Phones on the road come from anywhere, over TLS.
  ["attacker", 4, [5061]],
  ["operator", 4, [22, 5060, 5061]],
  ["attacker", 6, []],
];

test.each(tcp)(
  "of all 65,535 TCP ports, from %s over IPv%d: only %j; all of the twin",
  async (place, family, expected) => {
    const { open, arrived, passed } = await scan("pbx", scanner(place, family, 0), every);
    // A scanner's SYN at a port of SIP goes no further than the kernel's synproxy, which answers it: nothing reaches Asterisk.
    const through = expected.filter((port) => port === 22);
    expect([arrived, passed, open]).toEqual([65_535, through, expected]);
    const twin = await scan("twin", scanner(place, family, 0), every);
    expect(twin.passed).toHaveLength(65_535);
    // Asterisk of the twin, too, listens over IPv4 alone.
    expect(twin.open).toEqual(expect.arrayContaining(family === 4 ? [22, 5038, 5060, 8088] : [22]));
  },
  6 * minutes,
);

test(
  "an admin's IPv6 address reaches SSH",
  async () => {
    const { open, passed } = await scan("pbx", scanner("operator", 6, 0), { protocol: "tcp", ports: "22,5060,5061" });
    expect([passed, open]).toEqual([[22], [22]]);
  },
  2 * minutes,
);

describe("of the UDP ports that VoIP machines are found by, a sample of the audio ports, and all that a program listens at", () => {
  /** The ports of the scan, and the audio ports among them. */
  async function ports(): Promise<{ list: string; count: number; within: number[] }> {
    const sockets = await onHost(pbx, "ss", "-Hlun");
    const listening = [...sockets.matchAll(/:(\d+) +\S+:\*/g)].map(([, port]) => Number(port));
    const list = [voip, ...audio, ...listening].join();
    const rtp = await onHost(pbx, "cat", "/etc/asterisk/rtp.conf");
    const [from, to] = ["start", "end"].map((end) => Number(new RegExp(`^rtp${end} *= *(\\d+)`, "m").exec(rtp)?.[1]));
    const all = list.split(",").flatMap((range) => {
      const [first = 0, last = first] = range.split("-").map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
    return {
      list,
      count: new Set(all).size,
      within: audio.filter((port) => port >= (from ?? NaN) && port <= (to ?? NaN)),
    };
  }

  test.each([
    // An address that never connected over TLS.
    ["attacker", 4, 100],
    ["attacker", 6, 0],
  ] as const)(
    "none is reached from %s over IPv%d; on the twin all are",
    async (place, family, index) => {
      const { list, count } = await ports();
      const what = { protocol: "udp", ports: list } as const;
      const { open, arrived, passed } = await scan("pbx", scanner(place, family, index), what);
      expect([arrived, passed, open]).toEqual([count, [], []]);
      expect((await scan("twin", scanner(place, family, index), what)).passed).toHaveLength(count);
    },
    3 * minutes,
  );

  test(
    "SIP and the audio ports are reached from a phone's network, nothing else; SIP only where phones use UDP",
    async () => {
      const { list, count, within } = await ports();
      expect(within.length).toBeGreaterThan(2);
      const { arrived, passed } = await scan("pbx", scanner("office", 4, 0), { protocol: "udp", ports: list });
      // What nmap sends to 5060 is no SIP, which the firewall may drop for itself.
      expect([arrived, passed.filter((port) => port !== 5060)]).toEqual([count, within]);
      const { namespaces, addresses } = pbx.sandbox;
      const challenged = async (place: "office" | "attacker" | "nat", address = "") =>
        (await registerGuess({ namespace: namespaces[place], address, target: addresses.pbx }, "nobody", "x"))
          .challenged;
      expect(await challenged("office", addresses.office[1])).toBe(true);
      expect(await challenged("attacker", addresses.attacker[110])).toBe(false);
      expect(await challenged("nat", addresses.nat.outside)).toBe(false);
    },
    3 * minutes,
  );
});
