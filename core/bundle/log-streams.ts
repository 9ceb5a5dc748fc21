/** Names of what a host sends to CloudWatch Logs; each is a log group of its own. */
export const logStreams = [
  "security",
  "messages",
  "calls",
  "fail2ban",
  "auth",
  "audit",
  "activation",
  "receipts",
  "alarms",
  "firewall",
  "heartbeat",
] as const;

/** One of {@link logStreams}. */
export type LogStream = (typeof logStreams)[number];

/** What is in each stream, as its reader is told. */
export const logStreamContents: Readonly<Record<LogStream, string>> = {
  security: "who tried to register or call, from which address, and whether it was let in",
  messages: "Asterisk's notices, warnings and errors",
  calls: "one line a call: when, from, to, how long; personal data",
  fail2ban: "who was banned and let in again, and who guesses slowly",
  auth: "logins, sessions and what was run as root",
  audit: "the kernel's audit: changed configuration, programs that the asterisk user started",
  activation: "what was changed on the host, and what systemd says of Asterisk, fail2ban and this package's services",
  receipts: "one line an activation: which configuration, and which files changed",
  alarms: "what must not wait",
  firewall: "dropped packets, five a second at most",
  heartbeat: "every minute: channels, where phones and carriers are reached, disk, memory, packets that EC2 refused",
};

/** The log group of a stream. `prefix` starts with a slash and ends without one. */
export const logGroupName = (prefix: string, stream: LogStream): string => `${prefix}/${stream}`;
