import type { PbxProfile } from "../../core/profile/profile";

/** When somebody is told. */
export interface AlarmRule {
  /** Name of the metric; of the PBX's own namespace, but for those that AWS makes. */
  readonly metric: string;
  /** Metric that the alarm watched in an earlier version, whose resource it takes over. Default: none. */
  readonly formerly?: string;
  readonly statistic: "Sum" | "Maximum" | "Average" | "SampleCount";
  readonly comparison: "atLeast" | "below";
  readonly threshold: number;
  readonly periodSeconds: number;
  /** How many of the last periods. One of one for signs of a break-in, three of five for what may be noise. */
  readonly when: "1 of 1" | "3 of 5";
  /** What silence means: for events that all is well, for a heartbeat that it is not. */
  readonly silence: "well" | "alarm";
  /** What it means and what to do, as the mail says it. */
  readonly says: string;
}

/** Owner's choices; each has a default. */
export interface AlarmLimits {
  /** Seconds of calls to the outside within an hour. Default: half of what the allowed number of calls can last. */
  readonly outboundSecondsPerHour?: number;
}

/** Told at once, as a sign of a break-in is. */
export const sign = {
  statistic: "Sum",
  comparison: "atLeast",
  threshold: 1,
  periodSeconds: 60,
  when: "1 of 1",
  silence: "well",
} as const;
/** Told once it lasts, as what may be noise is. */
export const noise = { ...sign, periodSeconds: 300, when: "3 of 5" } as const;
const gauge = { ...noise, statistic: "Maximum" } as const;

/** Each with the saved query that shows what happened. */
const always: readonly AlarmRule[] = [
  {
    ...sign,
    metric: "ProgramsByAsterisk",
    says: "Asterisk started a program; nothing it does needs one. Treat the host as broken into: query sessions-and-changes.",
  },
  {
    ...sign,
    metric: "ConfigurationTouched",
    says: "A configuration file was changed. If no `pulumi up` ran, somebody is on the host: query sessions-and-changes.",
  },
  {
    ...sign,
    metric: "SessionsOpened",
    says: "A session was opened on the host. If it was none of yours: query sessions-and-changes.",
  },
  {
    ...sign,
    metric: "Alarms",
    says: "The host reports something that must not wait; the line is in the log group alarms.",
  },
  {
    ...sign,
    metric: "SlowGuessing",
    says: "Passwords are guessed too slowly, or from too many neighbours, for a ban: query accounts-tried.",
  },
  {
    ...sign,
    metric: "InvalidPassword",
    says: "A wrong password for a management interface, which nobody should reach: query top-sources.",
  },
  {
    ...noise,
    metric: "ChallengeResponseFailed",
    threshold: 10,
    says: "Wrong passwords for phones' accounts: query accounts-tried, then success-after-failures.",
  },
  {
    ...noise,
    metric: "InvalidAccountID",
    threshold: 50,
    says: "Accounts that do not exist are tried: query top-sources.",
  },
  { ...noise, metric: "FailedACL", threshold: 50, says: "Many are turned away by address: query top-sources." },
  { ...noise, metric: "UnexpectedAddress", says: "Requests to an address that is not the PBX's: query top-sources." },
  { ...noise, metric: "RequestBadFormat", threshold: 10, says: "Requests that no phone sends: query top-sources." },
  {
    ...noise,
    metric: "RefusedDestinations",
    threshold: 5,
    says: "Numbers that nobody may dial are dialled: query calls-by-account. A stolen account is tried like that.",
  },
  { ...noise, metric: "AsteriskErrors", threshold: 10, says: "Asterisk reports errors, in the log group messages." },
  {
    ...sign,
    metric: "Heartbeats",
    comparison: "below",
    periodSeconds: 300,
    silence: "alarm",
    says: "The host, Asterisk or its logs have fallen silent for five minutes.",
  },
  { ...gauge, metric: "DiskUsed", threshold: 85, says: "The disk is nearly full; logs and voicemail stop when it is." },
  { ...gauge, metric: "MemoryUsed", threshold: 90, says: "The memory is nearly used up; take a larger instance type." },
  {
    ...sign,
    metric: "PacketsRefusedByEc2",
    statistic: "Maximum",
    periodSeconds: 300,
    says: "EC2 refused packets beyond what the instance type may carry: a flood, or too small an instance type.",
  },
];

/** What anybody is told about one PBX. */
export function alarmRules({ trunks, limits, callLimits }: PbxProfile, chosen: AlarmLimits): readonly AlarmRule[] {
  if (trunks.every(({ server }) => server === undefined)) return always;
  const outboundSeconds = chosen.outboundSecondsPerHour ?? limits.calls * 1800;
  // Half of the legs that the host has audio ports for.
  const channels = callLimits.allCalls / 2;
  return [
    ...always,
    {
      ...sign,
      metric: "OutboundSeconds",
      threshold: outboundSeconds,
      periodSeconds: 3600,
      says: "Calls to the outside last longer than expected: query calls-by-account. If they are none of yours, take the phone out of the spec.",
    },
    {
      ...sign,
      metric: "ActiveChannels",
      statistic: "Maximum",
      threshold: channels,
      periodSeconds: 300,
      says: `More than ${channels} channels are up, half of what this host carries at most: query calls-by-account.`,
    },
  ];
}
