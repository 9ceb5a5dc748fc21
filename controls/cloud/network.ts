import type { CloudControl, CloudFinding, Made } from "./cloud-control";
import { all, every, except, fail, notApplicable, ofType, pass, refersTo } from "./judging";

const vpc = "aws:ec2/vpc:Vpc";
const givenNetwork = notApplicable("the network is the caller's");

/** What concerns a network that is made, and not one of the caller's. */
const ofOwnNetwork = (made: readonly Made[], judge: () => CloudFinding): CloudFinding =>
  ofType(made, vpc).length === 0 ? givenNetwork : judge();

/** One of the type for each VPC, without fault. */
function forEachVpc(made: readonly Made[], type: string, fault: (made: Made) => string | undefined): CloudFinding {
  return every(made, vpc, (one) => {
    const own = ofType(made, type).find(({ inputs }) => refersTo(inputs["vpcId"], one));
    return own === undefined ? `has no ${type}` : fault(own);
  });
}

const isEmpty = (value: unknown) => Array.isArray(value) && value.length === 0;
const never = [22, 3389];

function aclFault({ inputs }: Made): string | undefined {
  const { egress, ruleAction, cidrBlock, protocol, fromPort, toPort } = inputs;
  if (egress === true || ruleAction !== "allow" || cidrBlock !== "0.0.0.0/0") return undefined;
  if (protocol === "-1" || protocol === "all") return "lets every protocol in";
  if (protocol === "icmp") return undefined;
  const [from, to] = [Number(fromPort), Number(toPort)];
  const open = never.find((port) => from <= port && port <= to);
  if (open !== undefined) return `lets port ${open} in`;
  return to - from >= 65_000 ? "lets every port in" : undefined;
}

/** The network around the machine: rows 12 and 17 to 20. */
export const networkControls: readonly CloudControl[] = [
  {
    row: 12,
    ids: ["EC2.2", "CIS 5.5", "CKV2_AWS_12", "AWS-0173", "NIST.800.53.R5-VPCDefaultSecurityGroupClosed"],
    threat: "What is started in the network without a group reaches everything in it.",
    judge: (made) =>
      ofOwnNetwork(made, () =>
        forEachVpc(made, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", ({ inputs }) =>
          isEmpty(inputs["ingress"]) && isEmpty(inputs["egress"]) ? undefined : "has a default group with rules",
        ),
      ),
  },
  {
    row: 17,
    ids: [
      "EC2.16",
      "EC2.21",
      "CIS 5.2",
      "CKV_AWS_229",
      "CKV_AWS_232",
      "CKV_AWS_352",
      "CKV2_AWS_1",
      "AWS-0102",
      "AWS-0105",
    ],
    threat: "A mistake in one security group opens SSH to the world.",
    judge: (made) =>
      ofOwnNetwork(made, () =>
        all(
          forEachVpc(made, "aws:ec2/networkAcl:NetworkAcl", ({ inputs }) =>
            isEmpty(inputs["subnetIds"] ?? []) ? "has a network ACL for no subnet" : undefined,
          ),
          every(made, "aws:ec2/networkAclRule:NetworkAclRule", aclFault),
        ),
      ),
  },
  {
    row: 18,
    ids: ["EC2.15", "CKV_AWS_130", "AWS-0164"],
    threat: "Whatever is started in the subnet is on the internet.",
    judge: (made) =>
      ofOwnNetwork(made, () =>
        every(made, "aws:ec2/subnet:Subnet", ({ inputs }) =>
          inputs["mapPublicIpOnLaunch"] === false ? undefined : "gives out public addresses",
        ),
      ),
  },
  {
    row: 19,
    ids: ["EC2.6", "CIS 3.7", "CKV2_AWS_11", "AWS-0178", "AwsSolutions-VPC7"],
    threat: "After a break-in nobody can say who spoke with the machine.",
    judge: (made) =>
      ofOwnNetwork(made, () =>
        forEachVpc(made, "aws:ec2/flowLog:FlowLog", ({ inputs }) =>
          inputs["trafficType"] === "ALL" ? undefined : "records a part of its flows only",
        ),
      ),
  },
  {
    row: 20,
    ids: ["EC2.10", "EC2.57"],
    threat: "What the machine says to AWS crosses the edge of the network, encrypted.",
    judge: (made) => (ofType(made, "aws:ec2/vpcEndpoint:VpcEndpoint").length > 0 ? pass : except("E3")),
  },
];

const groupType = "aws:ec2/securityGroup:SecurityGroup";
const ingress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const egress = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";

const isWorld = ({ inputs }: Made) => inputs["cidrIpv4"] === "0.0.0.0/0" || inputs["cidrIpv6"] === "::/0";
const said = ({ inputs }: Made) =>
  `${String(inputs["ipProtocol"])} ${String(inputs["fromPort"])}-${String(inputs["toPort"])}`;

/** What may be open to the world: ping and errors, the ACME server's look, and (E2) TLS and the audio of phones on the road. */
function openness(made: Made): CloudFinding {
  const { ipProtocol, fromPort, toPort } = made.inputs;
  if (!isWorld(made) || ipProtocol === "icmp") return pass;
  if (ipProtocol === "tcp" && fromPort === 80 && toPort === 80) return pass;
  if (ipProtocol === "tcp" && fromPort === 5061 && toPort === 5061) return except("E2");
  if (ipProtocol === "udp" && Number(fromPort) >= 10_000 && Number(toPort) < 20_000) return except("E2");
  return fail(`${made.name}: lets the world in at ${said(made)}`);
}

/** What may leave to anywhere: single ports, ping, and (E2) audio to phones on the road. */
function departure(made: Made): CloudFinding {
  const { ipProtocol, fromPort, toPort } = made.inputs;
  if (ipProtocol === "-1") return fail(`${made.name}: lets everything out`);
  if (!isWorld(made) || ipProtocol === "icmp" || fromPort === toPort) return pass;
  return ipProtocol === "udp" ? except("E2") : fail(`${made.name}: lets ${said(made)} out to anywhere`);
}

function groupFault(made: readonly Made[], group: Made): string | undefined {
  if (group.inputs["ingress"] !== undefined || group.inputs["egress"] !== undefined) return "has rules of its own";
  const used = ofType(made, "aws:ec2/networkInterface:NetworkInterface").some(({ inputs }) =>
    (inputs["securityGroups"] as readonly unknown[] | undefined)?.some((id) => refersTo(id, group)),
  );
  return used ? undefined : "is used by nothing";
}

const withoutDescription = ({ inputs }: Made) =>
  typeof inputs["description"] === "string" && inputs["description"].length > 3
    ? undefined
    : "does not say why it is there";

/** Who may reach the machine, and whom it reaches: rows 13 to 16. */
export const groupControls: readonly CloudControl[] = [
  {
    row: 13,
    ids: [
      "EC2.13",
      "EC2.14",
      "EC2.18",
      "EC2.19",
      "CIS 5.3",
      "CKV_AWS_24",
      "CKV_AWS_25",
      "CKV_AWS_260",
      "CKV_AWS_277",
      "AWS-0107",
      "AwsSolutions-EC23",
    ],
    threat: "Every scanner of the world reaches the PBX.",
    judge: (made) =>
      all(
        every(made, ingress, () => undefined),
        ...ofType(made, ingress).map(openness),
      ),
  },
  {
    row: 14,
    ids: ["CKV_AWS_382", "AWS-0104"],
    threat: "Whoever breaks in sends what he likes to whom he likes.",
    judge: (made) =>
      all(
        every(made, egress, () => undefined),
        ...ofType(made, egress).map(departure),
      ),
  },
  {
    row: 15,
    ids: ["CKV_AWS_23", "AWS-0099", "AWS-0124", "AwsSolutions-EC27"],
    threat: "Nobody dares to remove a rule whose reason nobody knows.",
    judge: (made) => all(...[groupType, ingress, egress].map((type) => every(made, type, withoutDescription))),
  },
  {
    row: 16,
    ids: ["CKV2_AWS_5"],
    threat: "Rules in two places undo each other, and a group that is used by nothing is opened by mistake.",
    judge: (made) => every(made, groupType, (group) => groupFault(made, group)),
  },
];
