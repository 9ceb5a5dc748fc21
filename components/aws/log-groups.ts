import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { logGroupName, logStreams, type LogStream } from "../../core/bundle/log-streams";
import type { AwsPart } from "./part";

/** What decides how long logs are kept. */
export interface LogGroupsArgs {
  /** Start of every group's name, with a slash before and none behind it; the host's agent is told the same. */
  readonly prefix: string;
  /** ARN of the key the groups are encrypted with; its policy has to let CloudWatch Logs use it. */
  readonly keyArn: pulumi.Input<string>;
  /** Default: 365, the least that AWS Foundational Security Best Practices CloudWatch.16 takes. */
  readonly retentionDays?: number;
}

/** One log group for each stream of the host. */
export type LogGroups = Readonly<Record<LogStream, aws.cloudwatch.LogGroup>>;

/** Days that CloudWatch Logs can keep a group for, of those that are no less than a year (PutRetentionPolicy API). */
export const retentionChoices = [365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/** Makes the log groups. Metric filters need the class STANDARD. */
export function logGroups(part: AwsPart, args: LogGroupsArgs): LogGroups {
  const retentionInDays = args.retentionDays ?? 365;
  const group = (stream: LogStream) =>
    new aws.cloudwatch.LogGroup(
      `${part.name}-log-${stream}`,
      {
        name: logGroupName(args.prefix, stream),
        logGroupClass: "STANDARD",
        retentionInDays,
        kmsKeyId: args.keyArn,
        // Neither `pulumi destroy` nor an intruder with the owner's rights then removes the group in one step.
        deletionProtectionEnabled: part.deletionProtection,
        tags: part.tags,
      },
      { parent: part.parent },
    );
  return Object.fromEntries(logStreams.map((stream) => [stream, group(stream)])) as unknown as LogGroups;
}
