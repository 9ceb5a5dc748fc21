import type { Probe } from "./sip-from-anywhere";

/** The address that the attacks try to have banned; nothing is ever sent from it. */
export const forged = "198.51.100.8";

/** What a stranger sends to mislead whoever reads the security log; without the source, which each attack has for itself. */
export interface LogAttack {
  readonly what: string;
  readonly probe: Omit<Probe, "from">;
}

const field = (quote: string) => `RemoteAddress=${quote}IPV4/UDP/${forged}/5060${quote}`;
const digest = (nonce: string, response: string, uri = "sip:x") => ({
  Authorization: `Digest username="nobody", realm="pbx", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=MD5`,
});
const line = (message: string) =>
  `{"hostname":"","timestamp":"2026-01-01 00:00:00","identifiers":{"lwp":1,"callid":""},"logmsg":{"location":{"filename":"res_security_log.c","function":"f","line":1},"level":"SECURITY","message":"${message}\\n"}}`;
const whole = line(`SecurityEvent=\\"FailedACL\\",AccountID=\\"x\\",RemoteAddress=\\"IPV4/UDP/${forged}/5060\\"`);

/** Every one is answered with 401 and must be found with its true source. `%` escapes are decoded by pjsip in user names only. */
export const logAttacks: readonly LogAttack[] = [
  { what: "an unknown name", probe: { user: "1000" } },
  { what: "an unknown name by INVITE", probe: { user: "1000", method: "INVITE" } },
  { what: "an unknown name by OPTIONS", probe: { user: "1000", method: "OPTIONS" } },
  { what: "a digest for an unknown name", probe: { user: "nobody", headers: digest("1/a", "0".repeat(32)) } },
  { what: "Call-ID: a closed field and a forged address", probe: { user: "1", callId: `x",${field('"')},y="` } },
  { what: "Call-ID: the same, backslashed", probe: { user: "1", callId: `x\\",${field('\\"')},y=\\"` } },
  { what: "Call-ID: a whole forged line", probe: { user: "1", callId: whole } },
  { what: "Call-ID: the end of the object", probe: { user: "1", callId: `x",${field('"')}\\n"}}` } },
  { what: "Call-ID: parenthesis", probe: { user: "1", callId: `x) ' failed for '${forged}:5060' (callid: y` } },
  { what: "Call-ID: 3,000 characters", probe: { user: "1", callId: "a".repeat(3000) } },
  { what: "Call-ID: an escape character", probe: { user: "1", callId: "a\x1bb" } },
  {
    what: "Call-ID: a forged address and an escape character",
    probe: { user: "1", callId: `x",${field('"')},y="\x1b` },
  },
  { what: "Call-ID: control characters", probe: { user: "1", callId: "a\x07\x0b\x0c\x1b\x1c\x1e\x7fb" } },
  { what: "Call-ID: line separators of Unicode", probe: { user: "1", callId: "a\xe2\x80\xa8b\xc2\x85c" } },
  { what: "From: quotes and an address", probe: { user: `x%22,RemoteAddress=%22IPV4/UDP/${forged}/1%22` } },
  { what: "From: a new line", probe: { user: "a%0ab" } },
  { what: "From: a new line and an address", probe: { user: `%0aRemoteAddress=%22IPV4/UDP/1.2.3.4/5%22` } },
  { what: "From: carriage return and new line", probe: { user: "a%0d%0ab" } },
  { what: "From: an escape character", probe: { user: "a%1bb" } },
  { what: "From: a zero byte", probe: { user: "a%00b" } },
  {
    what: "From: a display name with an address",
    probe: { user: "z", fromHeader: `"x\\",${field('\\"')},y=\\"" <sip:z@x>;tag=1` },
  },
  { what: "User-Agent: a forged address", probe: { user: "1", headers: { "User-Agent": `x",${field('"')}` } } },
  {
    what: "Contact: a forged address",
    probe: { user: "1", headers: { Contact: `<sip:x@${forged}:5060>;a="x,${field('\\"')}"` } },
  },
  { what: "nonce: backslashed quotes", probe: { user: "1", headers: digest(`x\\",${field('\\"')}`, "0") } },
  {
    what: "nonce: cut after a backslash",
    probe: { user: "1", headers: digest(`${"1".repeat(62)}\\"z`, `,${forged}`) },
  },
  { what: "response: backslashed quotes", probe: { user: "1", headers: digest("1/a", `x\\",${field('\\"')}`) } },
  {
    what: "response: two backslashes and an address",
    probe: { user: "1", headers: digest("1/a", `x\\\\\\",${field('\\\\\\"')}`) },
  },
  { what: "response: an escape character", probe: { user: "1", headers: digest("1/a", "\x1bx") } },
  { what: "response: a carriage return", probe: { user: "1", headers: digest("1/a", "x\ry") } },
];

/**
 * Bytes that are not UTF-8 keep Asterisk 22.10.1 from raising any security event (`Failed to issue security event`): what it
 * says then names no address, so no ban can follow.
 */
export const silentAttacks: readonly LogAttack[] = [
  { what: "Call-ID: a byte that is not UTF-8", probe: { user: "1000", callId: "a\xffb" } },
  { what: "nonce: a byte that is not UTF-8", probe: { user: "1000", callId: "\xfe", headers: digest("\xff", "0") } },
];
