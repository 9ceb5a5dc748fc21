import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { PerimeterRule } from "../../core/bundle/perimeter";
import type { AwsPart } from "./part";
import { joinedPorts } from "./port-ranges";

/** One line of a network ACL; `ports` is absent for ICMP. */
interface AclLine {
  readonly number: number;
  readonly action: "allow" | "deny";
  readonly protocol: PerimeterRule["protocol"];
  readonly ports?: readonly [from: number, to: number];
  readonly egress: boolean;
  readonly what: string;
}

/** Ports that Debian's kernel asks from (net.ipv4.ip_local_port_range): answers come back to them. */
const askingPorts = [32768, 60999] as const;
const anyPort = [1, 65535] as const;
const everywhere = "0.0.0.0/0";

/**
 * The subnet's own filter, coarse and stateless: never SSH or RDP, in only the ports that the PBX has and those that answers
 * come to. Numbers below 100 are left for a network that has to be shut out at once.
 */
export function networkAcl(
  { name, parent, tags }: AwsPart,
  { vpcId, subnetId }: { readonly vpcId: pulumi.Input<string>; readonly subnetId: pulumi.Input<string> },
  perimeter: readonly PerimeterRule[],
): aws.ec2.NetworkAcl {
  const acl = new aws.ec2.NetworkAcl(
    `${name}-network-acl`,
    { vpcId, subnetIds: [subnetId], tags: { ...tags, Name: name } },
    { parent },
  );
  for (const line of aclLines(perimeter)) {
    const [fromPort, toPort] = line.ports ?? [0, 0];
    new aws.ec2.NetworkAclRule(
      `${name}-network-acl-${line.what}`,
      {
        networkAclId: acl.id,
        ruleNumber: line.number,
        ruleAction: line.action,
        protocol: line.protocol,
        cidrBlock: everywhere,
        egress: line.egress,
        fromPort,
        toPort,
        ...(line.protocol === "icmp" ? { icmpType: -1, icmpCode: -1 } : {}),
      },
      // A number is taken until its rule is gone.
      { parent, deleteBeforeReplace: true },
    );
  }
  return acl;
}

function aclLines(perimeter: readonly PerimeterRule[]): AclLine[] {
  const inward = (protocol: "tcp" | "udp") =>
    joinedPorts(perimeter.filter((rule) => rule.direction === "in" && rule.protocol === protocol));
  const open = (protocol: "tcp" | "udp", first: number): AclLine[] =>
    inward(protocol).map((ports, index) => ({
      number: first + index,
      action: "allow",
      protocol,
      ports,
      egress: false,
      what: `in-${protocol}-${ports.join("-")}`,
    }));
  const line = (number: number, what: string, rest: Omit<AclLine, "number" | "what" | "egress">): AclLine => ({
    number,
    what,
    ...rest,
    egress: what.startsWith("out"),
  });
  return [
    line(100, "in-no-ssh", { action: "deny", protocol: "tcp", ports: [22, 22] }),
    line(101, "in-no-rdp", { action: "deny", protocol: "tcp", ports: [3389, 3389] }),
    ...open("tcp", 200),
    ...open("udp", 220),
    line(240, "in-icmp", { action: "allow", protocol: "icmp" }),
    line(250, "in-answers-tcp", { action: "allow", protocol: "tcp", ports: askingPorts }),
    line(251, "in-answers-udp", { action: "allow", protocol: "udp", ports: askingPorts }),
    line(200, "out-tcp", { action: "allow", protocol: "tcp", ports: anyPort }),
    line(201, "out-udp", { action: "allow", protocol: "udp", ports: anyPort }),
    line(202, "out-icmp", { action: "allow", protocol: "icmp" }),
  ];
}
