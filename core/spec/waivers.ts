import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";
import type { Issue } from "../issue";
import type { WaiverSpec } from "./spec";

/** Protections that can be given up for a while, and what is then no longer so. */
export const waivable: Readonly<Record<string, string>> = {
  "network/require-listed-sip": "strangers may speak SIP over UDP, where a sender can be forged",
  "network/require-admin-ssh": "SSH may be opened to networks wider than /8",
  "network/require-listed-ports": "the port of another program may be opened to networks wider than /8",
};

const mostDays = 366;
const day = 24 * 60 * 60 * 1000;

const text = "must be a text in one line, 10 to 200 characters, that says why and for whom";

/** The shape of the list of waivers. */
export const waiversField = z
  .array(
    z.strictObject(
      {
        protection: z.string(`must be the id of a protection: ${Object.keys(waivable).join(" or ")}`),
        reason: z.string(text).regex(/^[^\p{Cc}\u2028\u2029]{10,200}$/u, text),
        until: z.iso.date('must be a day in quotes, for example "2026-12-31"'),
      },
      'must be a mapping, for example { protection: network/require-admin-ssh, reason: "…", until: "2026-12-31" }',
    ),
    "must be a list of waivers",
  )
  .max(Object.keys(waivable).length * 2, "has more waivers than protections can be waived; remove some");

/** What is left of a spec's issues once its waivers are heard, and what they let through. */
export interface Judgement {
  readonly issues: readonly Issue[];
  /** Never empty while a waiver is in the spec. */
  readonly warnings: readonly Issue[];
}

/** Turns the issues a waiver covers into warnings; judges the waivers themselves as of `now`. */
export function applyWaivers(issues: readonly Issue[], waivers: readonly WaiverSpec[], now: Date): Judgement {
  const byProtection = new Map(waivers.map((waiver) => [waiver.protection, waiver]));
  const left: Issue[] = waivers.flatMap((waiver, index) => waiverIssues(waivers, waiver, index, now));
  const warnings: Issue[] = [];
  for (const issue of issues) {
    const waiver = issue.protection === undefined ? undefined : byProtection.get(issue.protection);
    if (waiver === undefined) left.push(withOffer(issue));
    else warnings.push({ path: issue.path, message: waivedText(waiver) });
  }
  return { issues: left, warnings: [...warnings, ...needless(issues, waivers)] };
}

function waivedText({ protection, reason, until }: WaiverSpec): string {
  return `${protection} is waived until ${until} (${reason}): ${waivable[protection] ?? ""}`;
}

function withOffer(issue: Issue): Issue {
  const { path, message, protection } = issue;
  return protection === undefined ? issue : { path, message: `${message}; or waive ${protection} for a while` };
}

function needless(issues: readonly Issue[], waivers: readonly WaiverSpec[]): Issue[] {
  const needed = new Set(issues.map(({ protection }) => protection));
  return waivers.flatMap(({ protection }, index) =>
    needed.has(protection)
      ? []
      : [{ path: `waivers.${index}`, message: `nothing in this spec needs ${protection} waived; remove it` }],
  );
}

function waiverIssues(
  waivers: readonly WaiverSpec[],
  { protection, until }: WaiverSpec,
  index: number,
  now: Date,
): Issue[] {
  const path = `waivers.${index}`;
  if (!Object.hasOwn(waivable, protection))
    return [{ path: `${path}.protection`, message: `"${protection.slice(0, 60)}" ${unknownCure(protection)}` }];
  if (waivers.findIndex((other) => other.protection === protection) < index)
    return [{ path: `${path}.protection`, message: `"${protection}" is waived already; remove one of the two` }];
  const end = Date.parse(until) + day;
  if (now.getTime() >= end)
    return [
      { path: `${path}.until`, message: `"${until}" is past; do without what it allows, or decide on a later day` },
    ];
  if (end - now.getTime() > (mostDays + 1) * day)
    return [{ path: `${path}.until`, message: `"${until}" is more than a year away; choose an earlier day` }];
  return [];
}

function unknownCure(protection: string): string {
  const known = Object.keys(waivable);
  const near = closest(protection.slice(0, 60), known);
  if (distance(protection.slice(0, 60), near) <= protection.length / 3) return `is not known; did you mean "${near}"?`;
  return `cannot be waived; only ${known.join(", ")} can`;
}
