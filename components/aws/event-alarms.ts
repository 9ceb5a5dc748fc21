import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Notifications } from "./notifications";
import type { AwsPart } from "./part";

/** What the events are about. */
export interface EventAlarmsArgs {
  readonly notifications: Notifications;
  readonly instanceId: pulumi.Input<string>;
  /** Name of the vault that copies of the data volume go to. */
  readonly backupVault: pulumi.Input<string>;
  /** The session document, whose sessions are logged. */
  readonly sessionDocument: { readonly name: pulumi.Input<string>; readonly arn: pulumi.Input<string> };
}

/** States in which AWS Backup leaves a job that made no whole copy (AWS Backup Developer Guide, Monitoring events). */
const failedStates = ["ABORTED", "EXPIRED", "FAILED", "PARTIAL"];

/** Makes the alarms that AWS's own events raise, not a metric: a failed activation or backup, and a session that is not logged. */
export function eventAlarms(part: AwsPart, args: EventAlarmsArgs): void {
  for (const event of [failedActivation(args), failedBackup(args), sessionNotLogged(args)])
    alarm(part, args.notifications, event);
}

const failedActivation = ({ instanceId }: EventAlarmsArgs): EventAlarm => ({
  suffix: "activation-failed",
  shortName: "activation",
  description: "the configuration could not be made true on the host",
  pattern: {
    source: ["aws.ssm"],
    "detail-type": ["EC2 State Manager Instance Association State Change"],
    detail: { "instance-id": [instanceId], status: ["Failed", "TimedOut"] },
  },
});

/** A night without a copy is noticed only when the copy is needed, unless it is told. */
const failedBackup = ({ backupVault }: EventAlarmsArgs): EventAlarm => ({
  suffix: "backup-failed",
  shortName: "backup",
  description: "AWS Backup made no copy of the data volume",
  pattern: {
    source: ["aws.backup"],
    "detail-type": ["Backup Job State Change"],
    detail: { backupVaultName: [backupVault], state: failedStates },
  },
});

const sessionNotLogged = ({ instanceId, sessionDocument }: EventAlarmsArgs): EventAlarm => ({
  suffix: "session-not-logged",
  shortName: "session",
  description: "somebody started a session on the host that is not logged, or tried to",
  pattern: {
    source: ["aws.ssm"],
    "detail-type": ["AWS API Call via CloudTrail"],
    detail: {
      eventSource: ["ssm.amazonaws.com"],
      eventName: ["StartSession"],
      requestParameters: {
        target: [instanceId],
        $or: [
          { documentName: [{ exists: false }] },
          { documentName: [{ "anything-but": [sessionDocument.name, sessionDocument.arn] }] },
        ],
      },
    },
  },
});

interface EventAlarm {
  readonly suffix: string;
  /** End of the rule's own name, which has little room. */
  readonly shortName: string;
  readonly description: string;
  readonly pattern: pulumi.Input<Record<string, unknown>>;
}

function alarm({ name, parent, tags, named }: AwsPart, { topicArn }: Notifications, event: EventAlarm): void {
  const rule = new aws.cloudwatch.EventRule(
    `${name}-${event.suffix}`,
    {
      name: named("eventRule", event.shortName),
      description: `${name}: ${event.description}`,
      eventPattern: pulumi.jsonStringify(event.pattern),
      tags,
    },
    { parent },
  );
  new aws.cloudwatch.EventTarget(`${name}-${event.suffix}-mail`, { rule: rule.name, arn: topicArn }, { parent });
}
