import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Instance } from "./instance";
import type { AwsPart } from "./part";

interface StatusCheck {
  readonly suffix: string;
  readonly metricName: string;
  /** What EC2 does about it by itself. */
  readonly remedy: "recover" | "reboot";
  /** Minutes in a row. */
  readonly minutes: number;
  readonly description: string;
}

const statusChecks: readonly StatusCheck[] = [
  {
    suffix: "hardware-failed",
    metricName: "StatusCheckFailed_System",
    remedy: "recover",
    minutes: 2,
    description:
      "The hardware under the PBX fails; EC2 moves the machine to other hardware with its addresses and volumes",
  },
  {
    suffix: "machine-failed",
    metricName: "StatusCheckFailed_Instance",
    remedy: "reboot",
    minutes: 3,
    description: "The PBX's own system does not answer; EC2 reboots it",
  },
];

/** Alarms on EC2's status checks, which mend what they tell of. */
export function recoveryAlarms(
  { name, parent, tags, partition, region, named }: AwsPart,
  { id }: Pick<Instance, "id">,
  alarmActions: readonly pulumi.Input<string>[],
): aws.cloudwatch.MetricAlarm[] {
  return statusChecks.map(({ suffix, metricName, remedy, minutes, description }) => {
    const automatic = pulumi.interpolate`arn:${partition}:automate:${region}:ec2:${remedy}`;
    return new aws.cloudwatch.MetricAlarm(
      `${name}-${suffix}`,
      {
        name: named("alarm", suffix),
        alarmDescription: description,
        namespace: "AWS/EC2",
        metricName,
        dimensions: { InstanceId: id },
        statistic: "Maximum",
        period: 60,
        evaluationPeriods: minutes,
        threshold: 1,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        // A machine that is stopped on purpose reports nothing, and is not to be started by an alarm.
        treatMissingData: "missing",
        actionsEnabled: true,
        alarmActions: [automatic, ...alarmActions],
        okActions: [...alarmActions],
        insufficientDataActions: [...alarmActions],
        tags,
      },
      { parent },
    );
  });
}
