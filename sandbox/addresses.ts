import type { Role } from "./layout";

const range = (prefix: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => `${prefix}${from + i}`);

/**
 * Who has which address. All are of the ranges kept for documentation, benchmarks and carrier NAT (RFC 5737, 2544, 6598, 3849),
 * and exist only inside the sandbox's namespaces.
 */
export const addresses = {
  pbx: "203.0.113.10",
  twin: "203.0.113.20",
  twin16: "203.0.113.30",
  repository: "203.0.113.80",
  operator: "198.51.100.7",
  office: range("198.51.100.", 20, 60),
  carrier: { signalling: "192.0.2.2", media: "192.0.2.130" },
  attacker: [...range("198.18.0.", 2, 251), ...range("198.18.1.", 2, 251)],
  nat: { outside: "100.64.7.2", inside: "192.168.77.1" },
  home: range("192.168.77.", 20, 30),
  ipv6: {
    pbx: "2001:db8:113::10",
    twin: "2001:db8:113::20",
    twin16: "2001:db8:113::30",
    operator: "2001:db8:51::7",
    office: "2001:db8:51::20",
    carrier: "2001:db8:2::2",
    attacker: "2001:db8:18::2",
  },
};
/** See {@link addresses}. */
export type Addresses = typeof addresses;

/** One Ethernet segment of the namespace `internet`: its bridge there, and the router's addresses on it. */
export interface Segment {
  readonly bridge: string;
  readonly router: readonly string[];
  readonly members: Partial<Record<Role, readonly string[]>>;
}

const bits = (list: readonly string[], length: number) => list.map((address) => `${address}/${length}`);
const { ipv6 } = addresses;

/** The segments between which the namespace `internet` routes. The repository answers on the router itself. */
export const segments: readonly Segment[] = [
  {
    bridge: "net-hosting",
    router: ["203.0.113.1/24", `${addresses.repository}/24`, "2001:db8:113::1/64"],
    members: {
      pbx: [`${addresses.pbx}/24`, `${ipv6.pbx}/64`],
      twin: [`${addresses.twin}/24`, `${ipv6.twin}/64`],
      twin16: [`${addresses.twin16}/24`, `${ipv6.twin16}/64`],
    },
  },
  {
    bridge: "net-office",
    router: ["198.51.100.1/24", "2001:db8:51::1/64"],
    members: {
      operator: [`${addresses.operator}/24`, `${ipv6.operator}/64`],
      office: [...bits(addresses.office, 24), `${ipv6.office}/64`],
    },
  },
  {
    bridge: "net-carrier",
    router: ["192.0.2.1/24", "2001:db8:2::1/64"],
    members: { carrier: [`${addresses.carrier.signalling}/24`, `${addresses.carrier.media}/24`, `${ipv6.carrier}/64`] },
  },
  {
    bridge: "net-attacker",
    router: ["198.18.0.1/22", "2001:db8:18::1/64"],
    members: { attacker: [...bits(addresses.attacker, 22), `${ipv6.attacker}/64`] },
  },
  { bridge: "net-access", router: ["100.64.7.1/24"], members: { nat: [`${addresses.nat.outside}/24`] } },
];
