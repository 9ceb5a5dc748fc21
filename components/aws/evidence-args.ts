import type * as pulumi from "@pulumi/pulumi";
import type { AlarmLimits } from "./alarm-rules";

/** What the owner decides about logs and who is told. */
export interface EvidenceArgs {
  /** Mail addresses that alarms go to; each confirms by a link. Default: none. */
  readonly alarmEmails?: readonly string[];
  /** Days that logs are kept, in CloudWatch Logs and in the archive that is made; those CloudWatch Logs offers from 365 on. The archive's lock ends after 365 days. Default: 365. */
  readonly logRetentionDays?: number;
  /** ARN of a bucket of yours for the archive, best in another account. Default: one is made, with a lock. */
  readonly logArchiveBucket?: pulumi.Input<string>;
  /** True: nobody at all can remove an archived log before its time, for good. Default: false. */
  readonly irrevocableArchive?: boolean;
  /** US dollars a month that the account is expected to cost; told at 80 % and beyond. Default: no budget. */
  readonly monthlyBudgetUsd?: number;
  readonly alarmLimits?: AlarmLimits;
}
