"""What Terraform's provider asks of CloudWatch, EventBridge, SNS and Budgets."""

from inputs import pairs


def log_group(r):
    name, tags = r["name"], r["tags"]
    given = {
        "logGroupName": name,
        "kmsKeyId": r["kmsKeyId"],
        "logGroupClass": r["logGroupClass"],
        "deletionProtectionEnabled": r["deletionProtectionEnabled"],
        "tags": tags and tags.all(),
    }
    yield "logs.CreateLogGroup", given
    yield "logs.PutRetentionPolicy", {"logGroupName": name, "retentionInDays": r["retentionInDays"]}
    return {"id": name, "arn": f"arn:aws:logs:eu-central-1:123456789012:log-group:{name}"}


def log_stream(r):
    given = {"logGroupName": r["logGroupName"], "logStreamName": r["name"]}
    yield "logs.CreateLogStream", given
    return {"id": f"{given['logGroupName']} {given['logStreamName']}"}


def metric_filter(r):
    one = r["metricTransformation"]
    dimensions, default = one["dimensions"], one["defaultValue"]
    transformation = {
        "metricName": one["name"],
        "metricNamespace": one["namespace"],
        "metricValue": one["value"],
        "defaultValue": default and float(default),
        "unit": one["unit"],
        "dimensions": dimensions and dimensions.all(),
    }
    given = {
        "logGroupName": r["logGroupName"],
        "filterName": r["name"],
        "filterPattern": r["pattern"],
        "metricTransformations": [transformation],
    }
    yield "logs.PutMetricFilter", given
    return {"id": f"{given['logGroupName']} {given['filterName']}"}


def subscription_filter(r):
    given = {
        "logGroupName": r["logGroup"],
        "filterName": r["name"],
        "filterPattern": r["filterPattern"],
        "destinationArn": r["destinationArn"],
        "roleArn": r["roleArn"],
    }
    yield "logs.PutSubscriptionFilter", given
    return {"id": f"{given['logGroupName']} {given['filterName']}"}


def query_definition(r):
    given = {"name": r["name"], "logGroupNames": r["logGroupNames"], "queryString": r["queryString"]}
    return {"id": (yield "logs.PutQueryDefinition", given)["queryDefinitionId"]}


def metric_alarm(r):
    dimensions = r["dimensions"]
    given = {
        "AlarmName": r["name"],
        "AlarmDescription": r["alarmDescription"],
        "ActionsEnabled": r["actionsEnabled"],
        "OKActions": r["okActions"],
        "AlarmActions": r["alarmActions"],
        "InsufficientDataActions": r["insufficientDataActions"],
        "MetricName": r["metricName"],
        "Namespace": r["namespace"],
        "Statistic": r["statistic"],
        "Dimensions": pairs(dimensions, "Name"),
        "Period": r["period"],
        "EvaluationPeriods": r["evaluationPeriods"],
        "DatapointsToAlarm": r["datapointsToAlarm"],
        "Threshold": r["threshold"],
        "ComparisonOperator": r["comparisonOperator"],
        "TreatMissingData": r["treatMissingData"],
        "Tags": pairs(r["tags"]),
    }
    yield "cloudwatch.PutMetricAlarm", given
    return {"id": given["AlarmName"], "arn": f"arn:aws:cloudwatch:eu-central-1:123456789012:alarm:{given['AlarmName']}"}


def dashboard(r):
    name = r["dashboardName"]
    yield "cloudwatch.PutDashboard", {"DashboardName": name, "DashboardBody": r["dashboardBody"]}
    return {"id": name}


def event_rule(r):
    name, tags = r["name"], pairs(r["tags"])
    given = {"Name": name, "EventPattern": r["eventPattern"], "Description": r["description"], "Tags": tags}
    yield "events.PutRule", given
    return {"id": name}


def event_target(r):
    rule = r["rule"]
    target = {"Id": f"terraform-{rule}"[:64], "Arn": r["arn"]}
    answer = yield "events.PutTargets", {"Rule": rule, "Targets": [target]}
    if answer.get("FailedEntryCount"):
        raise ValueError(answer["FailedEntries"][0]["ErrorMessage"])
    return {"id": f"{rule} {target['Id']}"}


def topic(r):
    name, version = r["name"], r["signatureVersion"]
    attributes = {"KmsMasterKeyId": r["kmsMasterKeyId"], "SignatureVersion": version and str(version)}
    arn = (yield "sns.CreateTopic", {"Name": name, "Attributes": attributes, "Tags": pairs(r["tags"])})["TopicArn"]
    return {"id": arn, "arn": arn}


def topic_policy(r):
    arn = r["arn"]
    given = {"TopicArn": arn, "AttributeName": "Policy", "AttributeValue": r["policy"]}
    yield "sns.SetTopicAttributes", given
    return {"id": arn}


def topic_subscription(r):
    given = {"TopicArn": r["topic"], "Protocol": r["protocol"], "Endpoint": r["endpoint"]}
    return {"id": (yield "sns.Subscribe", {**given, "ReturnSubscriptionArn": True})["SubscriptionArn"]}


def budget(r):
    name, account = r["name"], "123456789012"
    limit = {"Amount": r["limitAmount"], "Unit": r["limitUnit"]}
    wanted = {"BudgetName": name, "BudgetType": r["budgetType"], "TimeUnit": r["timeUnit"], "BudgetLimit": limit}
    yield "budgets.CreateBudget", {"AccountId": account, "Budget": wanted, "ResourceTags": pairs(r["tags"])}
    for one in r["notifications"]:
        notification = {
            "ComparisonOperator": one["comparisonOperator"],
            "NotificationType": one["notificationType"],
            "Threshold": one["threshold"],
            "ThresholdType": one["thresholdType"],
        }
        subscribers = [{"SubscriptionType": "SNS", "Address": arn} for arn in one["subscriberSnsTopicArns"]]
        given = {"AccountId": account, "BudgetName": name, "Notification": notification, "Subscribers": subscribers}
        yield "budgets.CreateNotification", given
    return {"id": name}


CALLS = {
    "aws:cloudwatch/logGroup:LogGroup": log_group,
    "aws:cloudwatch/logStream:LogStream": log_stream,
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": metric_filter,
    "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": subscription_filter,
    "aws:cloudwatch/queryDefinition:QueryDefinition": query_definition,
    "aws:cloudwatch/metricAlarm:MetricAlarm": metric_alarm,
    "aws:cloudwatch/dashboard:Dashboard": dashboard,
    "aws:cloudwatch/eventRule:EventRule": event_rule,
    "aws:cloudwatch/eventTarget:EventTarget": event_target,
    "aws:sns/topic:Topic": topic,
    "aws:sns/topicPolicy:TopicPolicy": topic_policy,
    "aws:sns/topicSubscription:TopicSubscription": topic_subscription,
    "aws:budgets/budget:Budget": budget,
}
