import { AwsAsteriskHost } from "../../../components/aws/asterisk-host";
import { judgeCloud, type Made } from "../../../controls/cloud/cloud-control";
import { evidenceControls } from "../../../controls/cloud/evidence";
import { madeBy } from "./made-by-program";
import { awsArgs } from "./spec";

let made: readonly Made[];
beforeAll(async () => {
  made = await madeBy(() => new AwsAsteriskHost("office", awsArgs()));
}, 60_000);

type Inputs = Readonly<Record<string, unknown>>;
const set = (change: Inputs) => (inputs: Inputs) => ({ ...inputs, ...change });
const policy = (...Statement: object[]) => set({ policy: JSON.stringify({ Version: "2012-10-17", Statement }) });
const tls = {
  Effect: "Deny",
  Principal: { AWS: "*" },
  Action: "sns:Publish",
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const judge = (row: number, resources: readonly Made[]) => {
  const control = evidenceControls.find((one) => one.row === row);
  if (control === undefined) throw new Error(`no control of row ${row}`);
  return judgeCloud(control, resources);
};

test.each([
  [23, "pass"],
  [24, "pass"],
  [26, "pass"],
  [27, "exception"],
])("row %i is in order", (row, result) => {
  expect(judge(row, made)).toMatchObject({ result });
});

/** A weaker choice: the row that must object, what is weakened, and how. */
const weakenings: readonly (readonly [row: number, name: string, change: (inputs: Inputs) => Inputs])[] = [
  [23, "office-log-security", set({ retentionInDays: 30 })],
  [23, "office-log-calls", set({ kmsKeyId: undefined })],
  [23, "office-log-audit", set({ deletionProtectionEnabled: false })],
  [23, "office-archive-failures", set({ retentionInDays: undefined })],
  [24, "office-alarm-Heartbeats", set({ alarmActions: [] })],
  [24, "office-alarm-Alarms", set({ insufficientDataActions: undefined })],
  [24, "office-hardware-failed", set({ actionsEnabled: false })],
  [26, "office-alarms", set({ kmsMasterKeyId: "alias/aws/sns" })],
  [26, "office-alarms", set({ kmsMasterKeyId: undefined })],
  [26, "office-alarms-policy", policy({ Effect: "Allow", Principal: { AWS: "*" }, Action: "sns:Publish" }, tls)],
  [
    26,
    "office-alarms-policy",
    policy({ Effect: "Allow", Principal: { Service: "cloudwatch.amazonaws.com" }, Action: "sns:Publish" }),
  ],
  [27, "office-archive-private", set({ restrictPublicBuckets: false })],
  [27, "office-archive-ownership", set({ rule: { objectOwnership: "ObjectWriter" } })],
  [27, "office-archive-versions", set({ versioningConfiguration: { status: "Suspended" } })],
  [27, "office-archive-policy", policy()],
  [27, "office-archive-lifecycle", set({ rules: [{ id: "none", status: "Enabled" }] })],
  [27, "office-archive-access-log", set({ bucket: "another" })],
  [
    27,
    "office-archive-encryption",
    set({ rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] }),
  ],
  [27, "office-archive-lock", set({ rule: undefined })],
  [27, "office-archive", set({ objectLockEnabled: false })],
  [27, "office-archive-events", set({ bucket: "another" })],
];

test.each(weakenings)("row %i objects to a weaker %s", (row, name, change) => {
  const found = made.find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`${name} is not made`);
  const weaker = made.map((one) => (one === found ? { ...one, inputs: change(one.inputs) } : one));
  expect(judge(row, weaker)).toMatchObject({ result: "fail" });
});

test("a topic without a policy of its own is a fault, and an archive of the caller's is none", async () => {
  expect(
    judge(
      26,
      made.filter(({ name }) => name !== "office-alarms-policy"),
    ),
  ).toMatchObject({ result: "fail" });
  const given = await madeBy(
    () => new AwsAsteriskHost("office", awsArgs({ logArchiveBucket: "arn:aws:s3:::elsewhere" })),
  );
  expect(judge(27, given)).toMatchObject({ result: "exception" });
}, 30_000);
