import type * as aws from "@pulumi/aws";
import { logPrefix } from "./evidence";
import type { KmsKeys } from "./kms-keys";
import { logGroup } from "./log-groups";
import type { AwsPart } from "./part";

/** Where sessions are written down as they go. */
export function sessionLog(part: AwsPart, keys: KmsKeys): aws.cloudwatch.LogGroup {
  return logGroup(part, "log-sessions", { name: `${logPrefix(part.name)}/sessions`, keyArn: keys.logs.arn });
}
