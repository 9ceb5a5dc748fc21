import type * as pulumi from "@pulumi/pulumi";
import type { PbxProfile } from "../../core/profile/profile";
import { accessLogs } from "./access-logs";
import { alarms, type Alarms } from "./alarms";
import { isBurstable } from "./architecture";
import { archive } from "./archive";
import { budget } from "./budget";
import { dashboard } from "./dashboard";
import type { EventAlarmsArgs } from "./event-alarms";
import type { EvidenceArgs } from "./evidence-args";
import { logGroups, type LogGroups } from "./log-groups";
import { metricFilters } from "./metric-filters";
import { notifications, type Notifications } from "./notifications";
import type { AwsPart } from "./part";
import { namePath } from "./physical-names";
import { queries } from "./queries";

/** What is there before the machine: where it writes, and who is told. */
export interface Evidence {
  readonly prefix: string;
  readonly namespace: string;
  readonly groups: LogGroups;
  readonly notifications: Notifications;
  /** Name of the bucket that accesses to the other buckets are logged to. */
  readonly accessLogs: pulumi.Output<string>;
}

/** Makes log groups, topic, budget, archive and the bucket that accesses are logged to; `keyArn` is the key of logs. */
export function evidence(part: AwsPart, keyArn: pulumi.Input<string>, args: EvidenceArgs): Evidence {
  const prefix = namePath(part.owner);
  const groups = logGroups(part, { prefix, keyArn, retentionDays: args.logRetentionDays });
  const told = notifications(part, { keyArn, emails: args.alarmEmails ?? [] });
  const accesses = accessLogs(part, args.logRetentionDays);
  archive(part, {
    keyArn,
    groups,
    prefix,
    accessLogs: accesses,
    retentionDays: args.logRetentionDays,
    lockMode: args.irrevocableArchive === true ? "COMPLIANCE" : "GOVERNANCE",
    logArchiveBucketArn: args.logArchiveBucket,
  });
  if (args.monthlyBudgetUsd !== undefined) budget(part, { monthlyUsd: args.monthlyBudgetUsd, notifications: told });
  return { prefix, namespace: prefix.slice(1), groups, notifications: told, accessLogs: accesses };
}

/** The machine that is watched. */
export interface Watched {
  readonly profile: PbxProfile;
  readonly instanceId: pulumi.Input<string>;
  readonly instanceType: string;
  /** Name of the log group of Session Manager. */
  readonly sessionLogGroup: pulumi.Input<string>;
  readonly sessionDocument: EventAlarmsArgs["sessionDocument"];
  /** Name of the vault that copies of the data volume go to. */
  readonly backupVault: pulumi.Input<string>;
}

/** What looks at the logs. */
export interface Watch extends Alarms {
  readonly metrics: number;
  readonly dashboardUrl: pulumi.Output<string>;
}

/** Makes metric filters, alarms, saved queries and the dashboard of a machine. */
export function watch(part: AwsPart, from: Evidence, { alarmLimits }: EvidenceArgs, watched: Watched): Watch {
  const { groups, namespace, prefix } = from;
  const { profile, instanceId, instanceType, sessionLogGroup, sessionDocument, backupVault } = watched;
  const metrics = metricFilters(part, { groups, namespace, profile });
  const made = alarms(part, {
    notifications: from.notifications,
    namespace,
    profile,
    instanceId,
    burstable: isBurstable(instanceType),
    sessionLogGroup,
    sessionDocument,
    backupVault,
    limits: alarmLimits,
  });
  queries(part, groups, prefix);
  const page = dashboard(part, { groups, namespace, profile, alarms: made, instanceId });
  return { ...made, metrics: metrics.length, dashboardUrl: page.url };
}
