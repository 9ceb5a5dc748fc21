import type { ResourceTypes } from "./resource-type";

/** Logs, alarms and who is told. */
export const evidence: ResourceTypes = {
  "aws:cloudwatch/logGroup:LogGroup": {
    terraform: "aws_cloudwatch_log_group",
    checked: "logs/group.go",
    id: "=name",
    replaces: ["name", "namePrefix", "logGroupClass"],
  },
  "aws:cloudwatch/logStream:LogStream": {
    terraform: "aws_cloudwatch_log_stream",
    checked: "logs/stream.go",
    id: "=name",
    replaces: ["name", "logGroupName"],
  },
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": {
    terraform: "aws_cloudwatch_log_metric_filter",
    checked: "logs/metric_filter.go",
    id: "=name",
    replaces: ["name", "logGroupName"],
  },
  "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": {
    terraform: "aws_cloudwatch_log_subscription_filter",
    checked: "logs/subscription_filter.go",
    id: "cwlsf-",
    replaces: ["name", "logGroup", "destinationArn"],
    deletesFirst: true,
    renamed: { logGroup: "log_group_name" },
  },
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": {
    terraform: "aws_cloudwatch_log_resource_policy",
    checked: "logs/resource_policy.go",
    id: "=policyName",
    replaces: ["policyName", "resourceArn"],
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    terraform: "aws_cloudwatch_metric_alarm",
    checked: "cloudwatch/metric_alarm.go",
    id: "=name",
    replaces: ["name"],
    renamed: { name: "alarm_name", metricQueries: "metric_query" },
  },
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": {
    terraform: "aws_cloudwatch_composite_alarm",
    checked: "cloudwatch/composite_alarm.go",
    id: "=alarmName",
    replaces: ["alarmName", "actionsEnabled"],
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    terraform: "aws_cloudwatch_dashboard",
    checked: "cloudwatch/dashboard.go",
    id: "=dashboardName",
    replaces: ["dashboardName"],
  },
  "aws:cloudwatch/queryDefinition:QueryDefinition": {
    terraform: "aws_cloudwatch_query_definition",
    checked: "logs/query_definition.go",
    id: "query-",
    replaces: [],
  },
  "aws:cloudwatch/eventRule:EventRule": {
    terraform: "aws_cloudwatch_event_rule",
    checked: "events/rule.go",
    id: "=name",
    replaces: ["name", "namePrefix", "eventBusName"],
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    terraform: "aws_cloudwatch_event_target",
    checked: "events/target.go",
    id: "target-",
    replaces: ["rule", "eventBusName", "targetId"],
  },
  "aws:sns/topic:Topic": {
    terraform: "aws_sns_topic",
    checked: "sns/topic.go",
    id: "=arn",
    replaces: ["name", "namePrefix", "fifoTopic"],
  },
  "aws:sns/topicPolicy:TopicPolicy": {
    terraform: "aws_sns_topic_policy",
    checked: "sns/topic_policy.go",
    id: "=arn",
    replaces: ["arn"],
  },
  "aws:sns/topicSubscription:TopicSubscription": {
    terraform: "aws_sns_topic_subscription",
    checked: "sns/topic_subscription.go",
    id: "=arn",
    replaces: ["endpoint", "protocol", "topic"],
    renamed: { topic: "topic_arn" },
  },
  "aws:budgets/budget:Budget": {
    terraform: "aws_budgets_budget",
    checked: "budgets/budget.go",
    id: "budget-",
    replaces: ["name", "namePrefix", "accountId"],
    renamed: { notifications: "notification", costFilters: "cost_filter" },
  },
};
