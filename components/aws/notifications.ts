import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { AwsPart } from "./part";
import { policyDocument, tlsOnly } from "./policy-statement";

/** Who is told. */
export interface NotificationsArgs {
  /** ARN of a customer-managed key; alarms cannot publish to a topic under AWS's own key. Its policy has to admit the services of {@link alarmSenders}. */
  readonly keyArn: pulumi.Input<string>;
  /** Each confirms its subscription by a link that AWS mails. */
  readonly emails: readonly string[];
}

/** Where alarms go. */
export interface Notifications {
  readonly topicArn: pulumi.Output<string>;
}

/** Services that publish alarms; each only for this account. */
const alarmSenders = ["cloudwatch.amazonaws.com", "events.amazonaws.com", "budgets.amazonaws.com"] as const;

/** Makes the topic, encrypted and reachable over TLS alone, that only {@link alarmSenders} of this account and the account itself may publish to. */
export function notifications(part: AwsPart, args: NotificationsArgs): Notifications {
  const topic = new aws.sns.Topic(
    `${part.name}-alarms`,
    { kmsMasterKeyId: args.keyArn, signatureVersion: 2, tags: part.tags },
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

function topicPolicy(part: AwsPart, topicArn: pulumi.Output<string>): pulumi.Output<string> {
  return policyDocument([
    tlsOnly("sns:Publish", topicArn),
    {
      Sid: "Alarms",
      Effect: "Allow",
      Principal: { Service: alarmSenders },
      Action: "sns:Publish",
      Resource: topicArn,
      Condition: { StringEquals: { "aws:SourceAccount": part.accountId } },
    },
  ]);
}
