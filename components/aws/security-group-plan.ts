import type { PerimeterRule } from "../../core/bundle/perimeter";
import { joinedPorts, type PortRange } from "./port-ranges";

/** The three groups: SIP of carriers and what the machine itself needs, audio of carriers, and phones. */
export const groupNames = ["signalling", "media", "phones"] as const;
/** One of {@link groupNames}. */
export type GroupName = (typeof groupNames)[number];

/** Networks that one or more rules are for; one managed prefix list. */
export interface PlannedList {
  /** For example `phones-udp`. */
  readonly name: string;
  /** In CIDR form, each once and sorted. */
  readonly networks: readonly string[];
}

/** One rule of one group. */
export interface PlannedRule {
  readonly group: GroupName;
  readonly direction: PerimeterRule["direction"];
  readonly protocol: PerimeterRule["protocol"];
  /** -1 to -1 for ICMP. */
  readonly ports: PortRange;
  /** Absent for anywhere. */
  readonly list: PlannedList | undefined;
  readonly why: string;
  /** What it says, as a name: the same rule has the same one wherever it stands in the spec. */
  readonly key: string;
}

const anyPort: PortRange = [0, 65535];
const icmp: PortRange = [-1, -1];

/** Security-group rules of a perimeter, in its order; ports that are neighbours share a rule. */
export function securityGroupPlan(perimeter: readonly PerimeterRule[]): PlannedRule[] {
  const lists = plannedLists(perimeter);
  const rules = perimeter.flatMap((rule) => rulesOf(rule, lists.get(rule.peersName)));
  return [...new Map(rules.map((rule) => [`${rule.group} ${rule.key}`, rule])).values()];
}

function rulesOf(rule: PerimeterRule, list: PlannedList | undefined): PlannedRule[] {
  const { direction, protocol, why } = rule;
  const group = groupOf(rule);
  return rangesOf(rule).map((ports) => {
    const shown = protocol === "icmp" ? "icmp" : `${protocol}-${shownPorts(ports)}`;
    const key = `${direction}-${shown}-${direction === "in" ? "from" : "to"}-${list?.name ?? "anywhere"}`;
    return { group, direction, protocol, ports, list, why, key };
  });
}

function rangesOf({ protocol, ports }: PerimeterRule): PortRange[] {
  if (protocol === "icmp") return [icmp];
  // A security group has no ports of the sending side: what is sent from one may go to any.
  return ports.length === 0 ? [anyPort] : joinedPorts([{ ports }]);
}

function shownPorts([from, to]: PortRange): string {
  if (from === 0) return "any";
  return from === to ? `${from}` : `${from}-${to}`;
}

function groupOf({ role }: PerimeterRule): GroupName {
  if (role === "admins") throw new Error("a host on AWS has no admins");
  return role === "machine" ? "signalling" : role;
}

/** One list for each name; phones over UDP have the list of all phones where those are the same networks. */
function plannedLists(perimeter: readonly PerimeterRule[]): ReadonlyMap<string | undefined, PlannedList> {
  const lists = new Map<string | undefined, PlannedList>();
  for (const { peersName, peers } of perimeter)
    // Where anybody may come from, a list of networks says no more than a rule without one.
    if (peersName !== undefined && !peers.includes("0.0.0.0/0"))
      lists.set(peersName, { name: peersName, networks: [...new Set(peers)].sort() });
  const [phones, overUdp] = [lists.get("phones"), lists.get("phones-udp")];
  if (phones !== undefined && overUdp?.networks.join() === phones.networks.join()) lists.set("phones-udp", phones);
  return lists;
}
