import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { alarmRules } from "../../../components/aws/alarm-rules";
import { logEvents, regexesPerGroup, type LogEvent } from "../../../components/aws/log-events";
import { securityFields } from "../../../components/aws/saved-queries";
import { logStreams, type LogStream } from "../../../core/bundle/log-streams";
import { renderScenario, resolvePieces } from "../../golden/render-scenario";
import { compilePattern } from "./filter-pattern";
import { regexCount } from "./pattern-regex";

/**
 * Lines that sandbox hosts wrote. `RECORD_AWS_LINES=<this folder> npx jest --runTestsByPath FILE` records them anew: alarms and receipts
 * with test/e2e/aws-delivery.test.ts, all others with test/long/aws-logs.test.ts.
 */
const folder = path.join(__dirname, "lines");
const recorded = new Map<LogStream, string[]>(
  logStreams
    .filter((stream) => readdirSync(folder).includes(`${stream}.log`))
    .map((stream) => [
      stream,
      readFileSync(path.join(folder, `${stream}.log`), "utf8")
        .split("\n")
        .filter((line) => line !== ""),
    ]),
);
const linesOf = (stream: LogStream) => recorded.get(stream) ?? [];
const events = logEvents({ trunks: [{ name: "carrier", server: "192.0.2.2:5060" }], phones: [] });
const eventOf = (metric: string): LogEvent => {
  const found = events.find((event) => event.metric === metric);
  if (found === undefined) throw new Error(`${metric} is not counted`);
  return found;
};
const matched = (metric: string, lines: readonly string[]) => lines.filter(compilePattern(eventOf(metric).pattern));

/** Asterisk's own word for a security event: its logger wrote the object, and what is between the message's first quotes no stranger did. */
function securityEvent(line: string): string | undefined {
  if (!line.startsWith("{")) return undefined;
  const { message } = (JSON.parse(line) as { logmsg: { message: string } }).logmsg;
  return message.split('"')[1];
}

const calls = () => linesOf("calls").map((line) => [line, JSON.parse(line) as Record<string, unknown>] as const);

/** What each metric has to count of the recorded lines, found in another way than by its pattern. */
const truth: Readonly<Record<string, () => string[]>> = {
  ...Object.fromEntries(
    ["ChallengeResponseFailed", "InvalidAccountID", "SuccessfulAuth"].map((name) => [
      name,
      () => linesOf("security").filter((line) => securityEvent(line) === name),
    ]),
  ),
  AsteriskErrors: () => linesOf("messages").filter((line) => / ERROR\[\d+\]/.test(line.slice(0, 60))),
  RefusedDestinations: () => linesOf("messages").filter((line) => /Call .* to extension '\d+' rejected/.test(line)),
  Bans: () => linesOf("fail2ban").filter((line) => /\[hardened-asterisk-sip\] Ban [\d.]+$/.test(line)),
  SlowGuessing: () => linesOf("fail2ban").filter((line) => /\[hardened-asterisk-network\] Ban [\d.]+$/.test(line)),
  SessionsOpened: () => linesOf("auth").filter((line) => /pam_unix\(\w+:session\): session opened/.test(line)),
  Alarms: () => linesOf("alarms"),
  Activations: () => linesOf("receipts"),
  Heartbeats: () => linesOf("heartbeat"),
  ActiveChannels: () => linesOf("heartbeat"),
  DiskUsed: () => linesOf("heartbeat"),
  MemoryUsed: () => linesOf("heartbeat"),
  OutboundCalls: () => calls().flatMap(([line, call]) => (call["dst"] === "0312345670" ? [line] : [])),
  OutboundSeconds: () => calls().flatMap(([line, call]) => (call["dst"] === "0312345670" ? [line] : [])),
};

test.each(Object.keys(truth))("%s counts the recorded lines it is about, and no other", (metric) => {
  const right = truth[metric]?.() ?? [];
  expect(right.length).toBeGreaterThan(0);
  for (const stream of logStreams)
    expect([stream, matched(metric, linesOf(stream))]).toEqual([
      stream,
      stream === eventOf(metric).stream ? right : [],
    ]);
});

test("a line in which somebody's name pretends to be another event counts as what it is", () => {
  const lying = linesOf("security").filter((line) => line.includes("203.0.113.66"));
  expect(lying.length).toBeGreaterThan(0);
  for (const line of lying) {
    const counted = ["ChallengeResponseFailed", "InvalidAccountID", "FailedACL", "InvalidPassword", "SuccessfulAuth"];
    expect(counted.filter((metric) => matched(metric, [line]).length > 0)).toEqual(
      counted.filter((metric) => metric === securityEvent(line)),
    );
  }
});

/** Events that no stranger can bring a hardened host to report; a recorded line with the event's name changed stands for them. */
const unseen = [
  "FailedACL",
  "InvalidPassword",
  "UnexpectedAddress",
  "RequestBadFormat",
  "RequestNotAllowed",
  "LoadAverageLimit",
  "MemoryLimit",
];

test.each(unseen)("%s, of which there is no recorded line, counts one with its name and none without", (metric) => {
  const [line = ""] = linesOf("security").filter((one) => securityEvent(one) === "ChallengeResponseFailed");
  expect(matched(metric, [line.replace("ChallengeResponseFailed", metric)])).toHaveLength(1);
  expect(matched(metric, logStreams.flatMap(linesOf))).toEqual([]);
});

/**
 * Lines made after the documentation of who writes them, never recorded: audit and the kernel's log of dropped packets belong to a whole
 * machine, which a sandbox is not (a container), and counts of EC2's network card exist on EC2 alone.
 */
const documented: Readonly<Record<string, string>> = {
  ConfigurationTouched:
    'type=SYSCALL msg=audit(1763870400.123:456): arch=c000003e syscall=257 success=yes exit=3 uid=0 euid=0 comm="vi" exe="/usr/bin/vi" key="hardened-asterisk-configuration"',
  ProgramsByAsterisk:
    'type=SYSCALL msg=audit(1763870400.123:457): arch=c000003e syscall=59 success=yes exit=0 uid=109 euid=109 comm="sh" exe="/usr/bin/dash" key="hardened-asterisk-program"',
  DroppedPackets:
    "2026-11-23T04:00:00.000000+00:00 kernel[-]: hardened-asterisk-drop IN=ens5 OUT= SRC=192.0.2.9 DST=10.80.0.4 PROTO=UDP DPT=5060",
  PacketsRefusedByEc2: '{"heartbeat":1,"channels":0,"ec2Refused":12}',
};

test.each(Object.entries(documented))("%s counts a line as documented, and no recorded one", (metric, line) => {
  expect(matched(metric, [line])).toEqual([line]);
  expect(matched(metric, logStreams.flatMap(linesOf))).toEqual([]);
});

test("every event is tested in one of these ways", () => {
  expect(events.map(({ metric }) => metric).sort()).toEqual(
    [...Object.keys(truth), ...unseen, ...Object.keys(documented)].sort(),
  );
});

test("a phone whose name begins like a trunk's is not the outside", () => {
  const [line = ""] = truth["OutboundCalls"]?.() ?? [];
  expect(matched("OutboundCalls", [line.replace("PJSIP/carrier-0", "PJSIP/carrier-4r7cck-0")])).toEqual([]);
});

test("loading audit rules is no touching of configuration", () => {
  const line =
    'type=CONFIG_CHANGE msg=audit(1763870400.1:2): auid=4294967295 op=add_rule key="hardened-asterisk-configuration" list=4 res=1';
  expect(matched("ConfigurationTouched", [line])).toEqual([]);
});

test("no group has more regular expressions than CloudWatch Logs takes", () => {
  for (const stream of logStreams) {
    const withRegex = events.filter((event) => event.stream === stream && regexCount(event.pattern) > 0);
    expect([stream, withRegex.length <= regexesPerGroup]).toEqual([stream, true]);
  }
});

test("every alarm has a metric, and every metric that is no measurement of the dashboard's an alarm or a graph", () => {
  const { profile } = renderScenario("office");
  const metrics = events.map(({ metric }) => metric);
  expect(
    alarmRules(profile, {})
      .map(({ metric }) => metric)
      .filter((metric) => !metrics.includes(metric)),
  ).toEqual([]);
});

test("what the agent leaves out is Asterisk's own ChallengeSent, whatever anybody calls himself", () => {
  const { bundle, values } = renderScenario("aws-no-ssh");
  const file = bundle.files.find((one) => one.path.endsWith("/cloudwatch-agent.json"));
  const { logs } = JSON.parse(resolvePieces(file?.content ?? [], values)) as {
    logs: {
      logs_collected: {
        files: { collect_list: { log_group_name: string; filters?: { type: string; expression: string }[] }[] };
      };
    };
  };
  const list = logs.logs_collected.files.collect_list;
  expect(list.map((one) => one.log_group_name).sort()).toEqual(
    logStreams.map((stream) => `/hardened-asterisk/project/stack/pbx/${stream}`).sort(),
  );
  const [filter] = list.find((one) => one.log_group_name.endsWith("/security"))?.filters ?? [];
  expect(filter?.type).toBe("exclude");
  const left = linesOf("security").filter((line) => new RegExp(filter?.expression ?? "").test(line));
  expect(left.length).toBeGreaterThan(0);
  expect(left).toEqual(linesOf("security").filter((line) => securityEvent(line) === "ChallengeSent"));
});

test("the saved queries read source and account of every recorded event, and believe no name", () => {
  const pattern = new RegExp(/\/(.*)\/$/.exec(securityFields)?.[1] ?? "");
  for (const line of linesOf("security").filter((one) => securityEvent(one) !== undefined)) {
    const { message } = (JSON.parse(line) as { logmsg: { message: string } }).logmsg;
    const found = pattern.exec(message)?.groups;
    expect([line, found?.["event"]]).toEqual([line, securityEvent(line)]);
    expect(found?.["source"]).toMatch(/^[\da-f.:]+$/);
    expect(found?.["source"]).not.toBe("203.0.113.66");
  }
});
