import { grant, type DeployActions } from "./grant";

/** Logs, alarms, and who is mailed. */
export const evidenceActions: DeployActions = {
  "aws:cloudwatch/logGroup:LogGroup": [
    grant("any", "logs", "DescribeLogGroups"),
    grant(
      "logGroup",
      "logs",
      "CreateLogGroup PutRetentionPolicy DeleteRetentionPolicy AssociateKmsKey DisassociateKmsKey PutLogGroupDeletionProtection ListTagsForResource TagResource UntagResource",
    ),
    grant("logGroup", "logs", "DeleteLogGroup", "takeDown"),
    grant("key", "kms", "DescribeKey"),
  ],
  "aws:cloudwatch/logStream:LogStream": [
    grant("logGroup", "logs", "CreateLogStream DescribeLogStreams"),
    grant("logStream", "logs", "DeleteLogStream"),
  ],
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": [
    grant("logGroup", "logs", "PutMetricFilter DescribeMetricFilters DeleteMetricFilter"),
  ],
  "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": [
    grant("logGroup", "logs", "PutSubscriptionFilter DescribeSubscriptionFilters DeleteSubscriptionFilter"),
    grant("role", "iam", "PassRole", "passedToService"),
  ],
  "aws:cloudwatch/queryDefinition:QueryDefinition": [
    grant("any", "logs", "PutQueryDefinition DescribeQueryDefinitions DeleteQueryDefinition"),
  ],
  "aws:cloudwatch/metricAlarm:MetricAlarm": [
    grant(
      "alarm",
      "cloudwatch",
      "PutMetricAlarm DescribeAlarms DeleteAlarms ListTagsForResource TagResource UntagResource",
    ),
    grant("serviceLinkedRole", "iam", "CreateServiceLinkedRole"),
  ],
  "aws:cloudwatch/dashboard:Dashboard": [
    grant("dashboard", "cloudwatch", "PutDashboard GetDashboard DeleteDashboards"),
  ],
  "aws:cloudwatch/eventRule:EventRule": [
    grant("eventRule", "events", "PutRule DescribeRule DeleteRule ListTagsForResource TagResource UntagResource"),
  ],
  "aws:cloudwatch/eventTarget:EventTarget": [
    grant("eventRule", "events", "PutTargets RemoveTargets ListTargetsByRule"),
  ],
  "aws:sns/topic:Topic": [
    grant(
      "topic",
      "sns",
      "CreateTopic DeleteTopic GetTopicAttributes SetTopicAttributes ListTagsForResource TagResource UntagResource",
    ),
  ],
  "aws:sns/topicPolicy:TopicPolicy": [grant("topic", "sns", "GetTopicAttributes SetTopicAttributes")],
  "aws:sns/topicSubscription:TopicSubscription": [
    grant(
      "topic",
      "sns",
      "Subscribe ListSubscriptionsByTopic GetSubscriptionAttributes SetSubscriptionAttributes Unsubscribe",
    ),
  ],
  "aws:budgets/budget:Budget": [
    grant("budget", "budgets", "ModifyBudget ViewBudget ListTagsForResource TagResource UntagResource"),
  ],
};
