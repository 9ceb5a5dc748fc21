import type { LogStream } from "../../core/bundle/log-streams";

/** A saved query of CloudWatch Logs Insights. */
export interface SavedQuery {
  readonly name: string;
  /** What it answers. */
  readonly question: string;
  readonly streams: readonly LogStream[];
  readonly text: string;
}

/**
 * Asterisk's fields of a security event, before the account in their order. A stranger's account may hold more such fields:
 * of two addresses in a line the last is Asterisk's own, which the greedy `.*` finds.
 */
export const securityFields =
  'parse logmsg.message /^SecurityEvent="(?<event>[A-Za-z]+)",EventTV="[^"]*",Severity="[^"]*",Service="[^"]*",EventVersion="[^"]*",AccountID="(?<account>[^"]*)".*,RemoteAddress="IPV[46]\\/(?<transport>[A-Z]+)\\/(?<source>[^\\/]+)\\/\\d+"/';
const failures = 'event in ["ChallengeResponseFailed", "InvalidAccountID", "FailedACL", "InvalidPassword"]';

/** The one that the dashboard shows. */
export const topSources: SavedQuery = {
  name: "top-sources",
  question: "Who attacks, how, and since when?",
  streams: ["security"],
  text: [
    securityFields,
    `filter ${failures}`,
    "stats count() as tries, count_distinct(account) as accounts, min(@timestamp) as first, max(@timestamp) as last by source, event",
    "sort tries desc",
    "limit 50",
  ].join("\n| "),
};

/** "What happened?", as the owner asks it after a break-in. */
export const savedQueries: readonly SavedQuery[] = [
  topSources,
  {
    name: "accounts-tried",
    question: "Which accounts were tried? One that exists means that names have leaked.",
    streams: ["security"],
    text: [
      securityFields,
      `filter ${failures}`,
      "stats count() as tries, count_distinct(source) as sources, max(@timestamp) as last by account, event",
      "sort tries desc",
      "limit 100",
    ].join("\n| "),
  },
  {
    name: "success-after-failures",
    question: "Did somebody get in who had failed before?",
    streams: ["security"],
    text: [
      securityFields,
      'filter event in ["ChallengeResponseFailed", "SuccessfulAuth"]',
      "fields if(event = 'SuccessfulAuth', 1, 0) as good, if(event = 'SuccessfulAuth', 0, 1) as bad",
      "stats sum(bad) as failed, sum(good) as succeeded, min(@timestamp) as first, max(@timestamp) as last by source, account",
      "filter failed > 0 and succeeded > 0",
      "sort failed desc",
    ].join("\n| "),
  },
  {
    name: "calls-by-account",
    question: "Which calls were made, by which account, to where, and how long?",
    streams: ["calls"],
    text: [
      "fields accountcode as account, dst as destination",
      "stats count() as calls, sum(billsec) / 60 as minutes, min(start) as first, max(end) as last by account, destination",
      "sort minutes desc",
      "limit 200",
    ].join("\n| "),
  },
  {
    name: "sessions-and-changes",
    question: "What was changed on the host, and by whom?",
    streams: ["receipts", "activation", "auth", "audit", "alarms"],
    text: [
      "fields @timestamp, @log, @message",
      "filter @message not like /session closed/",
      "sort @timestamp asc",
      "limit 1000",
    ].join("\n| "),
  },
  {
    name: "bans",
    question: "Who was banned, and who guesses too slowly for a ban?",
    streams: ["fail2ban"],
    text: [
      "parse @message /NOTICE\\s+\\[(?<jail>[a-z0-9-]+)\\] (?<action>Ban|Unban) (?<source>\\S+)/",
      "filter ispresent(action)",
      "stats count() as times, min(@timestamp) as first, max(@timestamp) as last by jail, action, source",
      "sort times desc",
      "limit 200",
    ].join("\n| "),
  },
];
