import * as pulumi from "@pulumi/pulumi";
import { logStreams } from "../../core/bundle/log-streams";
import type { LogGroups } from "./log-groups";
import type { PolicyStatement } from "./policy-statement";

/** What the host needs to send its logs: to add lines to its own groups, and neither to read nor to remove one. */
export function logStatements(groups: LogGroups): PolicyStatement[] {
  const own = logStreams.map((stream) => pulumi.interpolate`${groups[stream].arn}:*`);
  return [{ Sid: "Logs", Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: own }];
}
