import { judgeCloud, type CloudControl, type CloudFinding, type Made } from "./cloud-control";
import { exceptions } from "./exceptions";
import { all } from "./judging";

/** What each row of the scorecard asks for; the table's numbers are those of the outside catalogues' comparison. */
export const rows: readonly string[] = [
  "metadata service: version 2 only, one hop",
  "volumes encrypted with a key of one's own",
  "detailed monitoring, EBS-optimised",
  "a role of its own",
  "no automatic public address",
  "no secret in user data",
  "protected against termination",
  "managed and patched by Systems Manager",
  "one network interface, source checked",
  "scaling groups",
  "Elastic IP attached",
  "default security group empty",
  "nothing open to the world",
  "outgoing traffic listed",
  "groups and rules described",
  "groups in use, rules in one style",
  "network ACL without 22 and 3389",
  "subnet gives no public address",
  "flow logs",
  "interface endpoints",
  "policies scoped, customer-managed, attached",
  "keys rotate, with a policy",
  "logs kept a year, encrypted",
  "alarms act, also without data",
  "alarms on the account's trail",
  "topic encrypted, TLS only, not public",
  "buckets private, TLS only, encrypted, versioned",
  "secrets under a key of one's own, rotated",
  "documents private, sessions encrypted and logged",
  "backups in an encrypted vault",
  "network firewall",
  "image by its owner",
  "DNS zones log queries",
  "functions",
];

/** One row of the scorecard, judged. */
export interface ScoredRow {
  readonly row: number;
  readonly asks: string;
  readonly ids: readonly string[];
  readonly finding: CloudFinding;
}

/** Judges resources by a table of controls, row by row; a row without a control is unknown. */
export function scorecard(controls: readonly CloudControl[], resources: readonly Made[]): ScoredRow[] {
  return rows.map((asks, index) => {
    const row = index + 1;
    const own = controls.filter((control) => control.row === row);
    const finding: CloudFinding =
      own.length === 0
        ? { result: "unknown", reason: "no control judges this row" }
        : all(...own.map((control) => judgeCloud(control, resources)));
    return { row, asks, ids: own.flatMap(({ ids }) => ids), finding };
  });
}

/** Whether a row is in order: passed, excepted with a reason, or without a subject. */
export function inOrder({ finding }: ScoredRow): boolean {
  return finding.result !== "fail" && finding.result !== "unknown";
}

/** A finding in words, for one cell. */
export function findingText(finding: CloudFinding): string {
  switch (finding.result) {
    case "pass":
      return "pass";
    case "exception":
      return `${finding.exception}: ${exceptions[finding.exception].ids.join(", ")}: ${exceptions[finding.exception].reason}`;
    case "not-applicable":
      return `not applicable: ${finding.reason}`;
    case "unknown":
      return `UNKNOWN: ${finding.reason}`;
    case "fail":
      return `FAIL: ${finding.faults.join("; ")}`;
  }
}
