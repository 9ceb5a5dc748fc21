import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { logGroupName, logStreams, type LogStream } from "../../core/bundle/log-streams";
import type { AwsPart } from "./part";

/** What one log group is made of. */
export interface LogGroupArgs {
  readonly name: string;
  /** ARN of the key it is encrypted with; its policy has to let CloudWatch Logs use it. */
  readonly keyArn: pulumi.Input<string>;
  /** Default: 365, the least that AWS Foundational Security Best Practices CloudWatch.16 takes. */
  readonly retentionDays?: number | undefined;
  /** Metric filters need the class STANDARD. Default: the account's. */
  readonly logGroupClass?: "STANDARD";
}

/** Makes a log group that neither `pulumi destroy` nor an intruder with the owner's rights removes in one step. */
export function logGroup(
  part: AwsPart,
  suffix: string,
  { name, keyArn, retentionDays = 365, ...rest }: LogGroupArgs,
): aws.cloudwatch.LogGroup {
  return new aws.cloudwatch.LogGroup(
    `${part.name}-${suffix}`,
    {
      name,
      retentionInDays: retentionDays,
      kmsKeyId: keyArn,
      deletionProtectionEnabled: part.deletionProtection,
      tags: part.tags,
      ...rest,
    },
    { parent: part.parent, protect: part.deletionProtection },
  );
}

/** What the streams' log groups are made of. */
export interface LogGroupsArgs {
  /** Start of every group's name, with a slash before and none behind it; the host's agent is told the same. */
  readonly prefix: string;
  /** As of {@link LogGroupArgs}. */
  readonly keyArn: pulumi.Input<string>;
  /** As of {@link LogGroupArgs}. */
  readonly retentionDays?: number | undefined;
}

/** One log group for each stream of the host. */
export type LogGroups = Readonly<Record<LogStream, aws.cloudwatch.LogGroup>>;

/** Days that CloudWatch Logs can keep a group for, of those that are no less than a year (PutRetentionPolicy API). */
export const retentionChoices = [365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/** Makes the log groups of all streams. */
export function logGroups(part: AwsPart, { prefix, keyArn, retentionDays }: LogGroupsArgs): LogGroups {
  const group = (stream: LogStream) =>
    logGroup(part, `log-${stream}`, {
      name: logGroupName(prefix, stream),
      keyArn,
      retentionDays,
      logGroupClass: "STANDARD",
    });
  return Object.fromEntries(logStreams.map((stream) => [stream, group(stream)])) as unknown as LogGroups;
}
