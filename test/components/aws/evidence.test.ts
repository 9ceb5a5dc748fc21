import { logStreams } from "../../../core/bundle/log-streams";
import { evidence, watch } from "../../../components/aws/evidence";
import type { EvidenceArgs } from "../../../components/aws/evidence-args";
import { argumentIssues } from "../../../components/aws/argument-issues";
import { kmsKeys } from "../../../components/aws/kms-keys";
import { retentionChoices } from "../../../components/aws/log-groups";
import type { Made } from "../../../controls/cloud/cloud-control";
import { ofType } from "../../../controls/cloud/judging";
import { renderScenario } from "../../golden/render-scenario";
import { awsArgs } from "./spec";
import { inputsOf, madeBy, policyOf } from "./made";

const keyArn = "arn:aws:kms:eu-central-1:123456789012:key/logs";
const { profile } = renderScenario("office");
const sessionDocument = { name: "pbx-session", arn: "arn:aws:ssm:eu-central-1:123456789012:document/pbx-session" };
const watched = {
  profile,
  instanceId: "i-1",
  instanceType: "t3.small",
  sessionLogGroup: "sessions",
  sessionDocument,
  backupVault: "vault",
};

const make = (args: EvidenceArgs = {}, boundary?: string) =>
  madeBy((part) => watch(part, evidence(part, keyArn, args), args, watched), boundary);
let usual: readonly Made[];
beforeAll(async () => {
  usual = await make();
}, 60_000);
const logGroup = "aws:cloudwatch/logGroup:LogGroup";

test("every stream has a log group: a year, the key, deletion refused, a name of its own in this stack", () => {
  const made = usual;
  for (const stream of logStreams) {
    expect(inputsOf(made, `pbx-log-${stream}`)).toMatchObject({
      name: `/hardened-asterisk/project/stack/pbx/${stream}`,
      retentionInDays: 365,
      kmsKeyId: keyArn,
      deletionProtectionEnabled: true,
      logGroupClass: "STANDARD",
      tags: { team: "phones" },
    });
  }
  expect(ofType(made, logGroup)).toHaveLength(logStreams.length + 1);
});

test("a retention that CloudWatch does not offer, or below a year, is refused with the choices", async () => {
  for (const days of [30, 364, 366])
    expect(argumentIssues(awsArgs({ logRetentionDays: days }))).toEqual([
      { path: "logRetentionDays", message: expect.stringContaining("choose one of 365, 400") as string },
    ]);
  expect(inputsOf(await make({ logRetentionDays: 731 }), "pbx-log-security")["retentionInDays"]).toBe(731);
  expect(Math.min(...retentionChoices)).toBe(365);
});

test("every group is copied to the archive, and what cannot be copied is not copied itself", () => {
  const made = usual;
  const filters = ofType(made, "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter");
  expect(filters.map(({ inputs }) => inputs["logGroup"]).sort()).toEqual(
    logStreams.map((stream) => `/hardened-asterisk/project/stack/pbx/${stream}`).sort(),
  );
  for (const { inputs } of filters) expect(inputs["filterPattern"]).toBe("");
  const delivery = inputsOf(made, "pbx-archive-stream")["extendedS3Configuration"];
  expect(delivery).toMatchObject({
    bucketArn: "arn:aws:test:::pbx-archive",
    cloudwatchLoggingOptions: { logGroupName: "/hardened-asterisk/project/stack/pbx/archive-failures" },
  });
});

test("the archive is locked; COMPLIANCE only when asked for", async () => {
  const made = usual;
  expect(inputsOf(made, "pbx-archive")["objectLockEnabled"]).toBe(true);
  const lock = (one: readonly Made[]) => inputsOf(one, "pbx-archive-lock")["rule"];
  expect(lock(made)).toEqual({ defaultRetention: { mode: "GOVERNANCE", days: 365 } });
  expect(lock(await make({ irrevocableArchive: true }))).toMatchObject({
    defaultRetention: { mode: "COMPLIANCE" },
  });
});

test("with a bucket of the caller's none is made, and it is left as it is", async () => {
  const arn = "arn:aws:s3:::evidence-of-another-account";
  const made = await make({ logArchiveBucket: arn });
  expect(inputsOf(made, "pbx-archive-stream")["extendedS3Configuration"]).toMatchObject({ bucketArn: arn });
  expect(made.filter(({ name, type }) => type.startsWith("aws:s3/") && !name.startsWith("pbx-access-logs"))).toEqual(
    [],
  );
});

test("the archive's writer can add objects and nothing else; roles carry the boundary", async () => {
  const made = await make({}, "arn:aws:iam::123456789012:policy/bound");
  const actions = policyOf(inputsOf(made, "pbx-archive-writer-policy")).Statement.flatMap(({ Action }) => Action);
  expect(actions.filter((action) => String(action).startsWith("s3:")).sort()).toEqual([
    "s3:AbortMultipartUpload",
    "s3:GetBucketLocation",
    "s3:ListBucket",
    "s3:ListBucketMultipartUploads",
    "s3:PutObject",
  ]);
  for (const { inputs } of ofType(made, "aws:iam/role:Role"))
    expect(inputs["permissionsBoundary"]).toBe("arn:aws:iam::123456789012:policy/bound");
});

test("alarms reach the topic, also for want of data, and the topic takes them over TLS from this account alone", async () => {
  const made = await make({ alarmEmails: ["ops@example.net"] });
  const alarms = ofType(made, "aws:cloudwatch/metricAlarm:MetricAlarm");
  expect(alarms.length).toBeGreaterThan(15);
  for (const { inputs } of alarms) {
    expect(inputs["alarmActions"]).toEqual(["arn:aws:test:::pbx-alarms"]);
    expect(inputs["insufficientDataActions"]).toEqual(["arn:aws:test:::pbx-alarms"]);
    expect(inputs["actionsEnabled"]).toBe(true);
  }
  expect(inputsOf(made, "pbx-alarms")["kmsMasterKeyId"]).toBe(keyArn);
  const [tls, senders] = policyOf(inputsOf(made, "pbx-alarms-policy")).Statement;
  expect(tls).toMatchObject({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } });
  expect(senders).toMatchObject({
    Principal: { Service: ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"] },
    Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
  });
  expect(inputsOf(made, "pbx-alarms-email-ops@example.net")).toMatchObject({ protocol: "email" });
});

test("silence is an alarm for the heartbeat and well for events", () => {
  const made = usual;
  const missing = (metric: string) => inputsOf(made, `pbx-alarm-${metric}`)["treatMissingData"];
  expect(missing("Heartbeats")).toBe("breaching");
  for (const metric of ["ProgramsByAsterisk", "ChallengeResponseFailed", "OutboundSeconds"])
    expect(missing(metric)).toBe("notBreaching");
  const quorum = ({ evaluationPeriods, datapointsToAlarm }: Readonly<Record<string, unknown>>) => [
    datapointsToAlarm,
    evaluationPeriods,
  ];
  expect(quorum(inputsOf(made, "pbx-alarm-ProgramsByAsterisk"))).toEqual([1, 1]);
  expect(quorum(inputsOf(made, "pbx-alarm-InvalidAccountID"))).toEqual([3, 5]);
});

test("every alarm watches a metric that is made, but those that AWS makes", () => {
  const made = usual;
  const transformations = ofType(made, "aws:cloudwatch/logMetricFilter:LogMetricFilter").map(
    ({ inputs }) => inputs["metricTransformation"] as { name: string; namespace: string; defaultValue?: string },
  );
  const known = new Set(transformations.map(({ name, namespace }) => `${namespace} ${name}`));
  const own = ofType(made, "aws:cloudwatch/metricAlarm:MetricAlarm").map(
    ({ inputs }) => `${String(inputs["namespace"])} ${String(inputs["metricName"])}`,
  );
  expect(own.filter((metric) => !known.has(metric)).sort()).toEqual([
    "AWS/EC2 CPUSurplusCreditsCharged",
    "AWS/Logs IncomingLogEvents",
  ]);
});

test("surplus CPU is told where it is charged, and a balance that is low on each new machine is not", async () => {
  expect(inputsOf(usual, "pbx-alarm-CPUSurplusCreditsCharged")).toMatchObject({
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    threshold: 1,
    treatMissingData: "notBreaching",
  });
  for (const instanceType of ["c7a.medium", "trn1.2xlarge"]) {
    const made = await madeBy((part) => watch(part, evidence(part, keyArn, {}), {}, { ...watched, instanceType }));
    expect(made.filter(({ name }) => name.includes("CPUSurplus"))).toEqual([]);
  }
});

test("alarms on calls follow the spec's limit, or the owner's", async () => {
  const threshold = async (args: EvidenceArgs) => inputsOf(await make(args), "pbx-alarm-OutboundSeconds")["threshold"];
  expect(inputsOf(usual, "pbx-alarm-OutboundSeconds")["threshold"]).toBe(profile.limits.calls * 1800);
  expect(await threshold({ alarmLimits: { outboundSecondsPerHour: 600 } })).toBe(600);
});

/** Statements of a policy that let a service do something. */
const allowing = (inputs: Readonly<Record<string, unknown>>, service: string) =>
  policyOf(inputs).Statement.filter(
    ({ Effect, Principal }) => Effect === "Allow" && JSON.stringify(Principal).includes(`"${service}"`),
  );

test("EventBridge, which names no account and no rule, may publish and use the topic's key for that topic alone", async () => {
  const made = await madeBy((part) => {
    evidence(part, kmsKeys(part).logs.arn, {});
  });
  const [publish, ...more] = allowing(inputsOf(made, "pbx-alarms-policy"), "events.amazonaws.com");
  expect(more).toEqual([]);
  expect(publish).toMatchObject({ Action: "sns:Publish", Resource: "arn:aws:test:::pbx-alarms" });
  expect(publish?.["Condition"]).toBeUndefined();
  const topic = String(inputsOf(made, "pbx-alarms")["name"]);
  const inKey = allowing(inputsOf(made, "pbx-logs-key"), "events.amazonaws.com");
  expect(inKey.map(({ Action, Condition }) => ({ Action, Condition }))).toEqual([
    {
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Condition: {
        StringEquals: { "kms:EncryptionContext:aws:sns:topicArn": `arn:aws:sns:eu-central-1:123456789012:${topic}` },
      },
    },
  ]);
});

test("alarms and budgets, which name their account, may use the topic's key for this account alone", async () => {
  const key = inputsOf(await madeBy((part) => void kmsKeys(part)), "pbx-logs-key");
  for (const service of ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"])
    expect(allowing(key, service).map(({ Condition }) => Condition)).toEqual([
      { StringEquals: { "aws:SourceAccount": "123456789012" } },
    ]);
});

test("what is no amount and no mail address is refused", () => {
  const issues = argumentIssues(awsArgs({ monthlyBudgetUsd: 0, alarmEmails: ["ops@example.net", "ops"] }));
  expect(issues.map(({ path }) => path)).toEqual(["monthlyBudgetUsd", "alarmEmails.1"]);
});

test("a budget only with an amount", async () => {
  expect(ofType(usual, "aws:budgets/budget:Budget")).toEqual([]);
  expect(inputsOf(await make({ monthlyBudgetUsd: 60 }), "pbx-budget")).toMatchObject({
    limitAmount: "60",
    limitUnit: "USD",
  });
});

test("the dashboard shows the PBX's own metrics and the alarms", () => {
  const made = usual;
  const body = String(inputsOf(made, "pbx-dashboard")["dashboardBody"]);
  const { widgets } = JSON.parse(body) as { widgets: { type: string; properties: Record<string, unknown> }[] };
  expect(widgets.map(({ type }) => type)).toEqual(["alarm", ...Array<string>(7).fill("metric"), "log"]);
  expect(body).toContain('["hardened-asterisk/project/stack/pbx","OutboundSeconds"]');
  expect(widgets[0]?.properties["alarms"]).toContain("arn:aws:test:::pbx-alarm-Heartbeats");
});
