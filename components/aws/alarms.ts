import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { PbxProfile } from "../../core/profile/profile";
import { alarmRules, noise, sign, type AlarmLimits, type AlarmRule } from "./alarm-rules";
import { eventAlarms, type EventAlarmsArgs } from "./event-alarms";
import type { AwsPart } from "./part";

/** What alarms are made of. */
export interface AlarmsArgs extends EventAlarmsArgs {
  /** Namespace of the metrics, as `metricFilters` was given it. */
  readonly namespace: string;
  readonly profile: PbxProfile;
  /** True for an instance type that runs on credits, such as `t3.small`. */
  readonly burstable: boolean;
  /** Name of the log group of Session Manager. */
  readonly sessionLogGroup: pulumi.Input<string>;
  readonly limits?: AlarmLimits | undefined;
}

/** Alarms by the metric they watch. */
export interface Alarms {
  readonly alarms: Readonly<Record<string, aws.cloudwatch.MetricAlarm>>;
}

/** Makes the alarms. Each also tells when it has not enough data to say anything, so that a silenced one is noticed. */
export function alarms(part: AwsPart, args: AlarmsArgs): Alarms {
  const rules = alarmRules(args.profile, args.limits ?? {});
  const own = rules.map((rule) => [rule.metric, alarm(part, args, rule, { namespace: args.namespace })] as const);
  eventAlarms(part, args);
  return {
    alarms: Object.fromEntries([
      ...own,
      ...(args.burstable
        ? [["CPUSurplusCreditsCharged", alarm(part, args, credits, ofInstance(args.instanceId))] as const]
        : []),
      ["IncomingLogEvents", alarm(part, args, sessions, ofGroup(args.sessionLogGroup))] as const,
    ]),
  };
}

interface MetricOf {
  readonly namespace: string;
  readonly dimensions?: Readonly<Record<string, pulumi.Input<string>>>;
}

const ofInstance = (id: pulumi.Input<string>): MetricOf => ({ namespace: "AWS/EC2", dimensions: { InstanceId: id } });
const ofGroup = (name: pulumi.Input<string>): MetricOf => ({
  namespace: "AWS/Logs",
  dimensions: { LogGroupName: name },
});

/** Not the balance: in unlimited mode each new machine begins with none, and nothing is wrong. */
const credits: AlarmRule = {
  ...noise,
  metric: "CPUSurplusCreditsCharged",
  formerly: "CPUCreditBalance",
  statistic: "Maximum",
  says: "The instance uses more CPU than its type earns, and AWS charges the surplus: look for an attack, query top-sources, or take a larger or a fixed instance type.",
};

const sessions: AlarmRule = {
  ...sign,
  metric: "IncomingLogEvents",
  says: "Somebody opened a session on the host through Session Manager; if it was none of yours: query sessions-and-changes.",
};

function alarm({ name, parent, tags, named }: AwsPart, { notifications }: AlarmsArgs, rule: AlarmRule, of: MetricOf) {
  const [datapoints, periods] = rule.when.split(" of ").map(Number);
  const actions = [notifications.topicArn];
  return new aws.cloudwatch.MetricAlarm(
    `${name}-alarm-${rule.metric}`,
    {
      ...of,
      name: named("alarm", rule.metric),
      metricName: rule.metric,
      statistic: rule.statistic,
      comparisonOperator: rule.comparison === "below" ? "LessThanThreshold" : "GreaterThanOrEqualToThreshold",
      threshold: rule.threshold,
      period: rule.periodSeconds,
      evaluationPeriods: periods ?? 1,
      datapointsToAlarm: datapoints ?? 1,
      treatMissingData: rule.silence === "alarm" ? "breaching" : "notBreaching",
      alarmDescription: rule.says,
      actionsEnabled: true,
      alarmActions: actions,
      insufficientDataActions: actions,
      okActions: rule.silence === "alarm" ? actions : [],
      tags,
    },
    { parent, aliases: rule.formerly === undefined ? [] : [{ name: `${name}-alarm-${rule.formerly}` }] },
  );
}
