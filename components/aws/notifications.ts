import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AwsPart } from "./part";
import { policyDocument, tlsOnly } from "./policy-statement";

/** Who is told. */
export interface NotificationsArgs {
  /** ARN of a customer-managed key; alarms cannot publish to a topic under AWS's own key. Its policy has to admit {@link alarmSenders} and {@link eventSender}. */
  readonly keyArn: pulumi.Input<string>;
  /** Each confirms its subscription by a link that AWS mails. */
  readonly emails: readonly string[];
}

/** Where alarms go. */
export interface Notifications {
  readonly topicArn: pulumi.Output<string>;
}

/** Services that name the account they publish for, to SNS and to KMS; each may publish for this account only. */
export const alarmSenders = ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"] as const;
/** Principal of EventBridge rules, which name no account and no rule when they publish. */
export const eventSender = "events.amazonaws.com";

/** ARN of the topic, known before it is made: the policy of its key names it. */
export function topicArn({ partition, region, accountId, named }: AwsPart): pulumi.Output<string> {
  return pulumi.interpolate`arn:${partition}:sns:${region}:${accountId}:${named("topic", topicSuffix)}`;
}

const topicSuffix = "alarms";

/** Makes the topic, encrypted and reachable over TLS alone, that {@link alarmSenders} of this account, EventBridge and the account itself may publish to. */
export function notifications(part: AwsPart, args: NotificationsArgs): Notifications {
  const topic = new aws.sns.Topic(
    `${part.name}-alarms`,
    { name: part.named("topic", topicSuffix), kmsMasterKeyId: args.keyArn, signatureVersion: 2, tags: part.tags },
    { parent: part.parent },
  );
  new aws.sns.TopicPolicy(
    `${part.name}-alarms-policy`,
    { arn: topic.arn, policy: topicPolicy(part, topic.arn) },
    { parent: part.parent },
  );
  for (const endpoint of args.emails) {
    new aws.sns.TopicSubscription(
      `${part.name}-alarms-email-${endpoint}`,
      { topic: topic.arn, protocol: "email", endpoint },
      { parent: part.parent },
    );
  }
  return { topicArn: topic.arn };
}

function topicPolicy(part: AwsPart, topic: pulumi.Output<string>): pulumi.Output<string> {
  return policyDocument([
    tlsOnly("sns:Publish", topic),
    {
      Sid: "Alarms",
      Effect: "Allow",
      Principal: { Service: alarmSenders },
      Action: "sns:Publish",
      Resource: topic,
      Condition: { StringEquals: { "aws:SourceAccount": part.accountId } },
    },
    {
      // Without a condition: "You can't use Condition blocks in Amazon SNS topic policies for EventBridge" (EventBridge User Guide,
      // Using resource-based policies, Amazon SNS permissions). With one, every event is dropped, and only FailedInvocations counts it.
      Sid: "Events",
      Effect: "Allow",
      Principal: { Service: eventSender },
      Action: "sns:Publish",
      Resource: topic,
    },
  ]);
}
