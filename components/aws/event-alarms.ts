import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Notifications } from "./notifications";
import type { AwsPart } from "./part";

/** What the events are about. */
export interface EventAlarmsArgs {
  readonly notifications: Notifications;
  readonly instanceId: pulumi.Input<string>;
  /** The session document, whose sessions are logged. */
  readonly sessionDocument: { readonly name: pulumi.Input<string>; readonly arn: pulumi.Input<string> };
}

/** Makes the alarms that AWS's own events raise, not a metric: a failed activation, and a session that is not logged. */
export function eventAlarms(part: AwsPart, args: EventAlarmsArgs): void {
  const { instanceId, sessionDocument } = args;
  alarm(part, args.notifications, {
    suffix: "activation-failed",
    description: "the configuration could not be made true on the host",
    pattern: {
      source: ["aws.ssm"],
      "detail-type": ["EC2 State Manager Instance Association State Change"],
      detail: { "instance-id": [instanceId], status: ["Failed", "TimedOut"] },
    },
  });
  alarm(part, args.notifications, {
    suffix: "session-not-logged",
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
}

interface EventAlarm {
  readonly suffix: string;
  readonly description: string;
  readonly pattern: pulumi.Input<Record<string, unknown>>;
}

function alarm({ name, parent, tags }: AwsPart, { topicArn }: Notifications, event: EventAlarm): void {
  const rule = new aws.cloudwatch.EventRule(
    `${name}-${event.suffix}`,
    { description: `${name}: ${event.description}`, eventPattern: pulumi.jsonStringify(event.pattern), tags },
    { parent },
  );
  new aws.cloudwatch.EventTarget(`${name}-${event.suffix}-mail`, { rule: rule.name, arn: topicArn }, { parent });
}
