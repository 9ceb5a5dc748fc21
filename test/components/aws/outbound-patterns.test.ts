import { logEvents, regexesPerGroup } from "../../../components/aws/log-events";
import {
  filtersPerGroup,
  longestPattern,
  outboundPatternIssues,
  outboundPatterns,
  type OutboundPbx,
} from "../../../components/aws/outbound-patterns";
import { savedQueries } from "../../../components/aws/saved-queries";
import { AwsAsteriskHost } from "../../../components/aws/asterisk-host";
import { compilePattern } from "./filter-pattern";
import { madeBy, ofType } from "./made-by-program";
import { regexCount } from "./pattern-regex";
import { awsArgs, awsSpec } from "./spec";

/** The longest name that a trunk may have. */
const longName = (index: number) => `carrier-${index}-`.padEnd(31, "x");

/** A PBX with so many trunks, among them one whose name begins like the first's. */
function pbxOf(count: number, phones: OutboundPbx["phones"] = []): OutboundPbx {
  const names = Array.from({ length: count }, (_, index) => longName(index));
  if (count > 2) names.splice(-2, 2, "a", "a-b");
  return { trunks: names.map((name) => ({ name, server: "192.0.2.2:5060" })), phones };
}

const call = (endpoint: string, billsec = 2) =>
  JSON.stringify({ dstchannel: `PJSIP/${endpoint}-0000001f`, billsec, dst: "0312345670" });

/** How many of the patterns match a line: so many times it is counted. */
const counted = (patterns: readonly string[], line: string) =>
  patterns.filter((pattern) => compilePattern(pattern)(line)).length;

describe.each([1, 20, 30, 200])("%i trunks", (count) => {
  const pbx = pbxOf(count, [{ name: "reception", sipUser: undefined }]);
  const patterns = outboundPatterns(pbx);

  test("no pattern is longer than CloudWatch Logs takes, and the group of calls has no more filters than it takes", () => {
    for (const pattern of patterns) expect(pattern.length).toBeLessThanOrEqual(longestPattern);
    const inGroup = logEvents(pbx).filter(({ stream }) => stream === "calls");
    expect(inGroup).toHaveLength(2 * patterns.length);
    expect(inGroup.length).toBeLessThanOrEqual(filtersPerGroup);
    const regexes = inGroup.map(({ pattern }) => regexCount(pattern)).reduce((sum, one) => sum + one, 0);
    expect(regexes).toBeLessThanOrEqual(regexesPerGroup);
    expect(outboundPatternIssues(pbx)).toEqual([]);
  });

  test("each answered call over a trunk is counted once, and no other call", () => {
    for (const { name } of pbx.trunks) {
      expect([name, counted(patterns, call(name))]).toEqual([name, 1]);
      expect([name, counted(patterns, call(name, 0))]).toEqual([name, 0]);
    }
    expect(counted(patterns, call("reception-4r7cck"))).toBe(0);
  });
});

test("a phone whose name begins like one of very many trunks is still not counted", () => {
  const pbx = pbxOf(200, [
    { name: `${longName(3)}-van`, sipUser: undefined },
    { name: "desk", sipUser: `${longName(5)}-1` },
  ]);
  const patterns = outboundPatterns(pbx);
  for (const user of [`${longName(3)}-van-4r7cck`, `${longName(5)}-1`]) expect(counted(patterns, call(user))).toBe(0);
  for (const { name } of pbx.trunks) expect([name, counted(patterns, call(name))]).toEqual([name, 1]);
  expect(outboundPatternIssues(pbx)).toEqual([]);
});

test("more such names than filters can tell apart are refused, with the limit and the cure", () => {
  const phones = Array.from({ length: 60 }, (_, index) => ({ name: `${longName(index)}-van`, sipUser: undefined }));
  const [issue, ...more] = outboundPatternIssues(pbxOf(200, phones));
  expect(more).toEqual([]);
  expect(issue?.path).toBe("trunks");
  expect(issue?.message).toContain("60 trunks are named like the beginning of a phone's SIP user name");
  expect(issue?.message).toContain("2 filters of 1024 characters");
  expect(issue?.message).toContain("rename these trunks");
});

test("more trunks than filters are there for are refused, with the limit and the cure", () => {
  const [issue] = outboundPatternIssues(pbxOf(2000));
  expect(issue?.path).toBe("trunks");
  expect(issue?.message).toMatch(
    /^2000 trunks need \d+ filters for each metric of calls, and CloudWatch Logs takes 50;/,
  );
});

test("as many trunks as a spec takes, with the longest names, make filters that CloudWatch Logs takes, of the same two metrics", async () => {
  const own = (index: number) => [`192.0.2.${index + 1}/32`];
  const trunks = Object.fromEntries(
    Array.from({ length: 20 }, (_, index) => [
      longName(index),
      { signalling: own(index), server: `192.0.2.${index + 1}` },
    ]),
  );
  const made = await madeBy(() => new AwsAsteriskHost("pbx", awsArgs({ pbx: { ...awsSpec, trunks } })));
  const filters = ofType(made, "cloudwatch/logMetricFilter:LogMetricFilter").map(({ inputs }) => inputs);
  const lengths = filters.map(({ pattern }) => String(pattern).length);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(longestPattern);
  const metrics = filters.map(({ metricTransformation }) => (metricTransformation as { name: string }).name);
  expect(metrics.filter((name) => name === "OutboundCalls")).toHaveLength(2);
}, 60_000);

/** Most characters of a query (CloudWatch Logs API, PutQueryDefinition). */
const longestQuery = 10_000;

test("saved queries and all other patterns are as long as CloudWatch Logs takes", () => {
  for (const { name, text } of savedQueries) expect([name, text.length <= longestQuery]).toEqual([name, true]);
  for (const { metric, pattern } of logEvents(pbxOf(1)))
    expect([metric, pattern.length <= longestPattern]).toEqual([metric, true]);
});
