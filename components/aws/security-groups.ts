import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { AwsPart } from "./part";
import { groupNames, type GroupName, type PlannedList, type PlannedRule } from "./security-group-plan";

/** The groups of the machine's one network interface. */
export interface SecurityGroups {
  readonly ids: pulumi.Output<string>[];
}

const descriptions: Readonly<Record<GroupName, string>> = {
  signalling: "SIP of carriers, and what the machine itself needs",
  media: "Audio of carriers",
  phones: "SIP and audio of phones",
};

/** Three groups, one prefix list for each list of networks, and one resource for each rule, named by what it says. */
export function securityGroups(
  part: AwsPart,
  vpcId: pulumi.Input<string>,
  plan: readonly PlannedRule[],
): SecurityGroups {
  const { name, parent, tags } = part;
  const lists = prefixLists(part, plan);
  const groups = groupNames.map((group) => {
    const made = new aws.ec2.SecurityGroup(
      `${name}-${group}`,
      {
        namePrefix: part.named("securityGroupPrefix", group),
        vpcId,
        description: `${name}: ${descriptions[group]}`,
        tags: { ...tags, Name: `${name}-${group}` },
      },
      { parent },
    );
    for (const rule of plan.filter((one) => one.group === group)) groupRule(part, made, rule, lists);
    return made.id;
  });
  return { ids: groups };
}

type PrefixLists = ReadonlyMap<string, aws.ec2.ManagedPrefixList>;

function prefixLists({ name, parent, tags, named }: AwsPart, plan: readonly PlannedRule[]): PrefixLists {
  const lists = new Map(plan.flatMap(({ list }): [string, PlannedList][] => (list ? [[list.name, list]] : [])));
  return new Map(
    [...lists.values()].map((list) => [
      list.name,
      new aws.ec2.ManagedPrefixList(
        `${name}-${list.name}`,
        {
          name: named("prefixList", list.name),
          addressFamily: "IPv4",
          // Each entry that it may have counts as a rule, wherever it is used.
          maxEntries: list.networks.length,
          entries: list.networks.map((cidr) => ({ cidr, description: list.name })),
          tags,
        },
        { parent },
      ),
    ]),
  );
}

function groupRule(
  { name, parent, tags }: AwsPart,
  group: aws.ec2.SecurityGroup,
  rule: PlannedRule,
  lists: PrefixLists,
) {
  const { direction, protocol, ports, list, why, key } = rule;
  const [fromPort, toPort] = ports;
  const Rule = direction === "in" ? aws.vpc.SecurityGroupIngressRule : aws.vpc.SecurityGroupEgressRule;
  const peers = list === undefined ? { cidrIpv4: "0.0.0.0/0" } : { prefixListId: listId(lists, list) };
  return new Rule(
    `${name}-${rule.group}-${key}`,
    {
      securityGroupId: group.id,
      description: descriptionOf(why),
      ipProtocol: protocol,
      fromPort,
      toPort,
      ...peers,
      tags: { ...tags, Name: `${name}-${rule.group}-${key}` },
    },
    { parent },
  );
}

function listId(lists: PrefixLists, { name }: PlannedList): pulumi.Output<string> {
  const list = lists.get(name);
  if (list === undefined) throw new Error(`no prefix list ${name}`);
  return list.id;
}

/** The characters AWS takes in a rule's description. */
function descriptionOf(why: string): string {
  return why.replace(/[^A-Za-z0-9 ._:/()#,@[\]+=&;{}!$*-]/g, " ");
}
