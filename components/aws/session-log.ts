import * as aws from "@pulumi/aws";
import { logPrefix } from "./evidence";
import type { KmsKeys } from "./kms-keys";
import type { AwsPart } from "./part";

/** Days that a record of what was typed on the machine is kept. */
const retentionInDays = 365;

/** Where sessions are written down as they go. */
export function sessionLog(
  { name, parent, tags, deletionProtection }: AwsPart,
  keys: KmsKeys,
): aws.cloudwatch.LogGroup {
  return new aws.cloudwatch.LogGroup(
    `${name}-log-sessions`,
    {
      name: `${logPrefix(name)}/sessions`,
      retentionInDays,
      kmsKeyId: keys.logs.arn,
      deletionProtectionEnabled: deletionProtection,
      tags,
    },
    { parent },
  );
}
