import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { PbxProfile } from "../../core/profile/profile";
import { alarmRules, noise, sign, type AlarmLimits, type AlarmRule } from "./alarm-rules";
import type { Notifications } from "./notifications";
import type { AwsPart } from "./part";

/** What alarms are made of. */
export interface AlarmsArgs {
  readonly notifications: Notifications;
  /** Namespace of the metrics, as `metricFilters` was given it. */
  readonly namespace: string;
  readonly profile: PbxProfile;
  readonly instanceId: pulumi.Input<string>;
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
  failedActivations(part, args);
  return {
    alarms: Object.fromEntries([
      ...own,
      ...(args.burstable
        ? [["CPUCreditBalance", alarm(part, args, credits, ofInstance(args.instanceId))] as const]
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

const credits: AlarmRule = {
  ...noise,
  metric: "CPUCreditBalance",
  statistic: "Average",
  comparison: "below",
  threshold: 20,
  says: "The instance has used up its CPU credits and soon runs slowly; take a larger or a fixed instance type.",
};

const sessions: AlarmRule = {
  ...sign,
  metric: "IncomingLogEvents",
  says: "Somebody opened a session on the host through Session Manager; if it was none of yours: query sessions-and-changes.",
};

function alarm({ name, parent, tags }: AwsPart, { notifications }: AlarmsArgs, rule: AlarmRule, of: MetricOf) {
  const [datapoints, periods] = rule.when.split(" of ").map(Number);
  const actions = [notifications.topicArn];
  return new aws.cloudwatch.MetricAlarm(
    `${name}-alarm-${rule.metric}`,
    {
      ...of,
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
    { parent },
  );
}

/** Waiting for success guards an association's creation only, so a later failure has to tell by itself. */
function failedActivations({ name, parent, tags }: AwsPart, { notifications, instanceId }: AlarmsArgs): void {
  const rule = new aws.cloudwatch.EventRule(
    `${name}-activation-failed`,
    {
      description: `${name}: the configuration could not be made true on the host`,
      eventPattern: pulumi.jsonStringify({
        source: ["aws.ssm"],
        "detail-type": ["EC2 State Manager Instance Association State Change"],
        detail: { "instance-id": [instanceId], status: ["Failed", "TimedOut"] },
      }),
      tags,
    },
    { parent },
  );
  new aws.cloudwatch.EventTarget(
    `${name}-activation-failed-mail`,
    { rule: rule.name, arn: notifications.topicArn },
    { parent },
  );
}
