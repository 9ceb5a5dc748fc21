import type { Issue } from "../../core/issue";
import type { PhoneProfile, TrunkProfile } from "../../core/profile/profile";

/** Most characters of one filter pattern (CloudWatch Logs API, PutMetricFilter). */
export const longestPattern = 1024;

/** Most metric filters of one log group (CloudWatch Logs API, PutMetricFilter). */
export const filtersPerGroup = 100;

/** Most filters with a regular expression that one metric may have: two metrics share a group, which takes five (FilterAndPatternSyntax). */
const regexFilters = 2;

/** Most filters of one metric of the log group of calls, which has two of them. */
const mostFilters = filtersPerGroup / 2;

/** What decides which channels are trunks: names of trunks and, so that none is taken for one, of phones. */
export interface OutboundPbx {
  readonly trunks: readonly Pick<TrunkProfile, "name" | "server">[];
  readonly phones: readonly Pick<PhoneProfile, "name" | "sipUser">[];
}

/**
 * Filter patterns that together match each answered call over a trunk once. As many names as fit go into one pattern. Regular
 * expressions tell every trunk's channel from a phone's; where two are too few, a trunk is a text with an asterisk at its end, of
 * which a log group takes many more.
 */
export function outboundPatterns(profile: OutboundPbx): readonly string[] {
  const trunks = outward(profile);
  if (trunks.length === 0) return [];
  const exact = filled(trunks, regexPattern);
  if (exact.length <= regexFilters) return exact;
  const { alike, others } = byPhones(trunks, profile);
  return [...filled(alike, regexPattern), ...filled(withoutCovered(others), textPattern)];
}

/** What is wrong with trunks for which there are not enough filters. */
export function outboundPatternIssues(profile: OutboundPbx): Issue[] {
  const patterns = outboundPatterns(profile);
  const { alike } = byPhones(outward(profile), profile);
  const issue = (message: string): Issue[] => [{ path: "trunks", message }];
  const [first = ""] = alike;
  if (patterns.filter((pattern) => pattern.includes("%")).length > regexFilters)
    return issue(
      `${alike.length} trunks are named like the beginning of a phone's SIP user name, for example "${first}", and CloudWatch Logs takes ` +
        `${regexFilters} filters of ${longestPattern} characters to tell them apart; rename these trunks, or the phones that begin with their names`,
    );
  if (patterns.length > mostFilters)
    return issue(
      `${outward(profile).length} trunks need ${patterns.length} filters for each metric of calls, and CloudWatch Logs takes ${mostFilters}; ` +
        "shorten the trunks' names, or have fewer of them",
    );
  return [];
}

/** Names of the trunks that calls go out over. */
const outward = ({ trunks }: OutboundPbx) =>
  trunks.filter(({ server }) => server !== undefined).map(({ name }) => name);

/** Trunks whose channels may begin like a phone's, and all others. A derived SIP user name begins with the phone's name and a dash. */
function byPhones(trunks: readonly string[], { phones }: OutboundPbx) {
  const users = phones.map(({ name, sipUser }) => `${sipUser ?? name}-`);
  const isAlike = (trunk: string) => users.some((user) => user.startsWith(`${trunk}-`));
  return { alike: trunks.filter(isAlike), others: trunks.filter((trunk) => !isAlike(trunk)) };
}

/** Without the trunks that the text of another one matches too: in two filters they would be counted twice. */
const withoutCovered = (trunks: readonly string[]) =>
  trunks.filter((trunk) => !trunks.some((other) => trunk.startsWith(`${other}-`)));

/** To its end, because a phone's channel may begin like a trunk's. */
const regexPattern = (trunks: readonly string[]) =>
  answered(`$.dstchannel = %${trunks.map((name) => `^PJSIP/${name}-[0-9a-f]{8,8}$`).join("|")}%`);

const textPattern = (trunks: readonly string[]) =>
  answered(`(${trunks.map((name) => `$.dstchannel = "PJSIP/${name}-*"`).join(" || ")})`);

const answered = (condition: string) => `{ ${condition} && $.billsec > 0 }`;

/** The names in as few patterns as take them. */
function filled(names: readonly string[], patternOf: (names: readonly string[]) => string): string[] {
  const chunks: string[][] = [];
  for (const name of names) {
    const last = chunks.at(-1);
    if (last !== undefined && patternOf([...last, name]).length <= longestPattern) last.push(name);
    else chunks.push([name]);
  }
  return chunks.map(patternOf);
}
