import type { LogStream } from "../../core/bundle/log-streams";
import { outboundPatterns, type OutboundPbx } from "./outbound-patterns";

/** Something in a log that is counted, or measured. */
export interface LogEvent {
  /** Name of the metric. */
  readonly metric: string;
  readonly stream: LogStream;
  /** A pattern of CloudWatch Logs' filters (FilterAndPatternSyntax of its user guide). */
  readonly pattern: string;
  /** Property of a JSON line that is the metric's value. Absent: each line counts as 1. */
  readonly value?: string;
  /** A unit CloudWatch knows. Default: Count. */
  readonly unit?: "Count" | "Seconds" | "Percent";
}

/** At most so many patterns with a regular expression may a log group have (FilterAndPatternSyntax). */
export const regexesPerGroup = 5;

/**
 * Security events. A stranger chooses the account's name, and with it much of the message: only what is anchored at its
 * start is Asterisk's own word. Those that matter most are; for the others, whose count nobody is woken by, terms do.
 */
const anchored = ["ChallengeResponseFailed", "InvalidAccountID", "FailedACL", "InvalidPassword", "SuccessfulAuth"].map(
  (event) => ({
    metric: event,
    stream: "security" as const,
    pattern: `{ $.logmsg.level = "SECURITY" && $.logmsg.message = %^SecurityEvent=.${event}.,% }`,
  }),
);

const byTerms = ["UnexpectedAddress", "RequestBadFormat", "RequestNotAllowed", "LoadAverageLimit", "MemoryLimit"].map(
  (event) => ({ metric: event, stream: "security" as const, pattern: `"SecurityEvent=" "${event}"` }),
);

const fixed: readonly LogEvent[] = [
  ...anchored,
  ...byTerms,
  { metric: "AsteriskErrors", stream: "messages", pattern: `"] ERROR["` },
  { metric: "RefusedDestinations", stream: "messages", pattern: `"rejected because extension not found in context"` },
  { metric: "Bans", stream: "fail2ban", pattern: `"NOTICE" "[hardened-asterisk-sip] Ban "` },
  { metric: "SlowGuessing", stream: "fail2ban", pattern: `"NOTICE" "[hardened-asterisk-network] Ban "` },
  { metric: "SessionsOpened", stream: "auth", pattern: `"session opened for user"` },
  { metric: "ConfigurationTouched", stream: "audit", pattern: `"type=SYSCALL" "hardened-asterisk-configuration"` },
  { metric: "ProgramsByAsterisk", stream: "audit", pattern: `"type=SYSCALL" "hardened-asterisk-program"` },
  { metric: "Alarms", stream: "alarms", pattern: `{ $.alarm = * }` },
  { metric: "Activations", stream: "receipts", pattern: `{ $.receipt.state = "confirmed" }` },
  { metric: "DroppedPackets", stream: "firewall", pattern: `"hardened-asterisk-drop "` },
  { metric: "Heartbeats", stream: "heartbeat", pattern: `{ $.heartbeat = 1 }` },
  measured("ActiveChannels", "channels"),
  measured("DiskUsed", "diskPercent", "Percent"),
  measured("MemoryUsed", "memoryPercent", "Percent"),
  measured("PacketsRefusedByEc2", "ec2Refused"),
];

function measured(metric: string, property: string, unit: "Count" | "Percent" = "Count"): LogEvent {
  return { metric, stream: "heartbeat", pattern: `{ $.${property} >= 0 }`, value: `$.${property}`, unit };
}

/** Everything that is counted for one PBX. A metric has several events where one pattern would be too long. */
export function logEvents(pbx: OutboundPbx): readonly LogEvent[] {
  const outbound = outboundPatterns(pbx).flatMap((pattern) => [
    { stream: "calls" as const, pattern, metric: "OutboundCalls" },
    { stream: "calls" as const, pattern, metric: "OutboundSeconds", value: "$.billsec", unit: "Seconds" as const },
  ]);
  return [...fixed, ...outbound];
}
