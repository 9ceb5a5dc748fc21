import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { PbxProfile } from "../../core/profile/profile";
import type { Alarms } from "./alarms";
import { logEvents } from "./log-events";
import type { LogGroups } from "./log-groups";
import type { AwsPart } from "./part";
import { topSources } from "./saved-queries";

/** What the dashboard shows. */
export interface DashboardArgs {
  readonly groups: LogGroups;
  readonly namespace: string;
  readonly profile: PbxProfile;
  readonly alarms: Alarms;
  readonly instanceId: pulumi.Input<string>;
}

/** The dashboard, and where a browser finds it. */
export interface Dashboard {
  readonly dashboard: aws.cloudwatch.Dashboard;
  readonly url: pulumi.Output<string>;
}

interface Graph {
  readonly title: string;
  /** Metrics of the PBX's own namespace; those a PBX has not are left out. */
  readonly metrics: readonly string[];
  readonly stat: "Sum" | "Maximum";
}

const graphs: readonly Graph[] = [
  { title: "Calls", metrics: ["ActiveChannels"], stat: "Maximum" },
  { title: "Calls to the outside, seconds", metrics: ["OutboundSeconds"], stat: "Sum" },
  { title: "Turned away", metrics: ["ChallengeResponseFailed", "InvalidAccountID", "FailedACL", "Bans"], stat: "Sum" },
  { title: "Let in", metrics: ["SuccessfulAuth"], stat: "Sum" },
  { title: "Dropped by the firewall, as logged", metrics: ["DroppedPackets", "PacketsRefusedByEc2"], stat: "Sum" },
  { title: "Disk and memory, %", metrics: ["DiskUsed", "MemoryUsed"], stat: "Maximum" },
];

/** One page: alarms, calls, attacks, the machine, and who attacks most. */
export function dashboard(part: AwsPart, args: DashboardArgs): Dashboard {
  const { region } = part;
  const made = new aws.cloudwatch.Dashboard(
    `${part.name}-dashboard`,
    { dashboardName: part.named("dashboard"), dashboardBody: pulumi.jsonStringify({ widgets: widgets(part, args) }) },
    { parent: part.parent },
  );
  const console = pulumi.interpolate`https://${region}.console.aws.amazon.com/cloudwatch/home`;
  return {
    dashboard: made,
    url: pulumi.interpolate`${console}?region=${region}#dashboards/dashboard/${made.dashboardName}`,
  };
}

function widgets(part: AwsPart, args: DashboardArgs): readonly unknown[] {
  const known = new Set(logEvents(args.profile).map(({ metric }) => metric));
  const shown = graphs
    .map((graph) => ({ ...graph, metrics: graph.metrics.filter((metric) => known.has(metric)) }))
    .filter(({ metrics }) => metrics.length > 0);
  const rows = Math.ceil(shown.length / 2) * 6;
  return [
    { type: "alarm", x: 0, y: 0, width: 24, height: 3, properties: { title: "Alarms", alarms: alarmArns(args) } },
    ...shown.map((graph, index) => graphWidget(part, args.namespace, graph, index)),
    {
      type: "metric",
      ...place(shown.length),
      properties: {
        title: "Processor, %",
        region: part.region,
        period: 300,
        stat: "Maximum",
        metrics: [["AWS/EC2", "CPUUtilization", "InstanceId", args.instanceId]],
      },
    },
    {
      type: "log",
      x: 0,
      y: rows + 9,
      width: 24,
      height: 8,
      properties: { title: "Who attacks", region: part.region, view: "table", query: attackers(args.groups) },
    },
  ];
}

const alarmArns = ({ alarms }: DashboardArgs) => Object.values(alarms.alarms).map(({ arn }) => arn);

const place = (index: number) => ({ x: (index % 2) * 12, y: 3 + Math.floor(index / 2) * 6, width: 12, height: 6 });

function graphWidget({ region }: AwsPart, namespace: string, { title, metrics, stat }: Graph, index: number) {
  const lines = metrics.map((metric) => [namespace, metric]);
  return { type: "metric", ...place(index), properties: { title, region, period: 300, stat, metrics: lines } };
}

function attackers(groups: LogGroups): pulumi.Output<string> {
  return pulumi.interpolate`SOURCE '${groups.security.name}' | ${topSources.text}`;
}
