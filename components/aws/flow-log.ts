import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { KmsKeys } from "./kms-keys";
import { logGroup } from "./log-groups";
import type { AwsPart } from "./part";
import { namePath } from "./physical-names";
import { serviceRole, type ServiceRole } from "./service-role";

/** What the flow log is made of. */
export interface FlowLogArgs {
  readonly keys: KmsKeys;
  /** As of `logGroup`. */
  readonly retentionDays?: number | undefined;
}

/** Records of every flow through the VPC, let through or refused, written by a role that can do nothing else. */
export function flowLog(
  part: AwsPart,
  vpcId: pulumi.Input<string>,
  { keys, retentionDays }: FlowLogArgs,
): aws.ec2.FlowLog {
  const { name, parent, tags } = part;
  const group = logGroup(part, "flow-log-group", {
    name: `${namePath(part.owner)}/flows`,
    keyArn: keys.logs.arn,
    retentionDays,
  });
  const role = flowLogRole(part, group);
  return new aws.ec2.FlowLog(
    `${name}-flow-log`,
    {
      vpcId,
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: group.arn,
      iamRoleArn: role.arn,
      maxAggregationInterval: 60,
      tags,
    },
    { parent, dependsOn: role.permitted },
  );
}

function flowLogRole(part: AwsPart, group: aws.cloudwatch.LogGroup): ServiceRole {
  const { partition, region, accountId } = part;
  return serviceRole(part, {
    suffix: "flow-log",
    service: "vpc-flow-logs.amazonaws.com",
    purpose: "writes the flow log",
    statements: [
      {
        Sid: "Write",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
        Resource: pulumi.interpolate`${group.arn}:*`,
      },
      {
        // Asked for without a group's name, so it cannot be narrowed further than to this account's groups.
        Sid: "Look",
        Effect: "Allow",
        Action: ["logs:DescribeLogGroups"],
        Resource: pulumi.interpolate`arn:${partition}:logs:${region}:${accountId}:log-group:*`,
      },
    ],
  });
}
