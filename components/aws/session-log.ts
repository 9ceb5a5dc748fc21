import type * as aws from "@pulumi/aws";
import type { KmsKeys } from "./kms-keys";
import { logGroup } from "./log-groups";
import type { AwsPart } from "./part";
import { namePath } from "./physical-names";

/** Where sessions are written down as they go; kept for `retentionDays`, by default 365. */
export function sessionLog(part: AwsPart, keys: KmsKeys, retentionDays?: number): aws.cloudwatch.LogGroup {
  return logGroup(part, "log-sessions", {
    name: `${namePath(part.owner)}/sessions`,
    keyArn: keys.logs.arn,
    retentionDays,
  });
}
