import { addresses, segments, type Segment } from "./addresses";
import { inNamespace, run } from "./command";
import { namespaceOf, roles, type Role } from "./layout";

const sysctls = {
  "net/ipv4/ip_forward": "1",
  "net/ipv6/conf/all/forwarding": "1",
  // Forged source addresses must travel as they do where providers do not filter (no BCP 38).
  "net/ipv4/conf/all/rp_filter": "0",
  "net/ipv4/conf/default/rp_filter": "0",
};

/** Makes the namespaces and the links between them. None has a way out, and no interface is made in the machine's own namespace. */
export async function createNetwork(name: string, present: readonly Role[]): Promise<void> {
  await run(["ip", "-batch", "-"], { input: present.map((role) => `netns add ${namespaceOf(name, role)}\n`).join("") });
  const router = namespaceOf(name, "internet");
  await write(router, sysctls);
  await batch(
    router,
    segments.flatMap(({ bridge, router: own }) => [
      `link add ${bridge} type bridge`,
      `link set ${bridge} up`,
      ...own.map((address) => `address add ${address} dev ${bridge} ${nodad(address)}`),
    ]),
  );
  await batch(router, ["link set lo up"]);
  for (const role of present) if (role !== "internet" && role !== "home") await connect(name, role);
  await connectHome(name);
}

/** Links one namespace to its segment: `eth0` with the role's addresses, and the segment's router as the way to all else. */
export async function connect(name: string, role: Role): Promise<void> {
  const segment = segments.find(({ members }) => members[role] !== undefined);
  if (segment === undefined) throw new Error(`no segment has a member ${role}`);
  const namespace = namespaceOf(name, role);
  await batch(namespaceOf(name, "internet"), [
    `link add ${portOf(role)} type veth peer name eth0 address ${hardwareAddressOf(role)} netns ${namespace}`,
    `link set ${portOf(role)} master ${segment.bridge} up`,
  ]);
  await batch(namespace, ["link set lo up", "link set eth0 up", ...member(segment, segment.members[role] ?? [])]);
}

/** Gives a host an empty namespace again: a power cut loses the packet filter, connection tracking and sysctls too. */
export async function renewNamespace(name: string, role: Role): Promise<void> {
  await batch(namespaceOf(name, "internet"), [`link delete ${portOf(role)}`]);
  await run(["ip", "netns", "delete", namespaceOf(name, role)]);
  await run(["ip", "netns", "add", namespaceOf(name, role)]);
  await connect(name, role);
}

/** Lets the package repository answer, or reject every connection with "host unreachable". */
export async function setRepositoryReachable(name: string, reachable: boolean): Promise<void> {
  const table = reachable
    ? "table inet repository\ndelete table inet repository\n"
    : `table inet repository {
  chain input {
    type filter hook input priority 0
    ip daddr ${addresses.repository} reject with icmp host-unreachable
  }
}\n`;
  await run(inNamespace(namespaceOf(name, "internet"), ["nft", "-f", "-"]), { input: table });
}

/** The same before and after a power cut, or the neighbours would look for the old one. */
function hardwareAddressOf(role: Role): string {
  return `02:00:00:00:00:${(roles.indexOf(role) + 16).toString(16)}`;
}

function portOf(role: Role): string {
  return `to-${role}`;
}

function member({ router }: Segment, own: readonly string[]): string[] {
  const gateways = router.map((address) => address.split("/")[0] ?? "");
  const via6 = gateways.find((address) => address.includes(":"));
  return [
    ...own.map((address) => `address add ${address} dev eth0 ${nodad(address)}`),
    `route add default via ${gateways[0] ?? ""}`,
    ...(via6 === undefined ? [] : [`route add default via ${via6}`]),
  ];
}

async function connectHome(name: string): Promise<void> {
  const [nat, home] = [namespaceOf(name, "nat"), namespaceOf(name, "home")];
  const { inside } = addresses.nat;
  await batch(nat, [
    `link add eth1 type veth peer name eth0 netns ${home}`,
    "link set eth1 up",
    `address add ${inside}/24 dev eth1`,
  ]);
  const own = addresses.home.map((address) => `address add ${address}/24 dev eth0`);
  await batch(home, ["link set lo up", "link set eth0 up", ...own, `route add default via ${inside}`]);
  await write(nat, sysctls);
  const rules = `table ip nat {
  chain postrouting {
    type nat hook postrouting priority srcnat
    oifname "eth0" masquerade
  }
}\n`;
  await run(inNamespace(nat, ["nft", "-f", "-"]), { input: rules });
}

function nodad(address: string): string {
  return address.includes(":") ? "nodad" : "";
}

async function batch(namespace: string, lines: readonly string[]): Promise<void> {
  await run(["ip", "-n", namespace, "-batch", "-"], { input: lines.join("\n") });
}

async function write(namespace: string, values: Record<string, string>): Promise<void> {
  const argv = Object.entries(values).map(([key, value]) => `echo ${value} > /proc/sys/${key}`);
  await run(inNamespace(namespace, ["sh", "-ec", argv.join("\n")]));
}
