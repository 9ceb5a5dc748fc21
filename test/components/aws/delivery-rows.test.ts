import * as pulumi from "@pulumi/pulumi";
import { judgeCloud, type Made } from "../../../controls/cloud/cloud-control";
import { deliveryControls } from "../../../controls/cloud/delivery";
import { deliveryParts } from "./delivery-parts";
import { madeBy } from "./made";

let made: readonly Made[];
beforeAll(async () => {
  jest.spyOn(pulumi.log, "info").mockResolvedValue(undefined);
  made = await madeBy((part) => deliveryParts(part, { bundle: "{}", values: { a: "b" } }));
}, 60_000);

const findings = (row: number, resources: readonly Made[]) =>
  deliveryControls.filter((control) => control.row === row).map((control) => judgeCloud(control, resources));

test.each([
  [8, "pass"],
  [21, "exception"],
  [28, "exception"],
  [29, "pass"],
])("row %d: %s", (row, result) => {
  expect(findings(row, made)).toEqual([expect.objectContaining({ result })]);
});

const policy = (statement: object) => ({ policy: JSON.stringify({ Statement: [{ Effect: "Allow", ...statement }] }) });
const bySession = (name: string, change: (content: string) => string) => (one: Made) =>
  one.name === name ? { ...one, inputs: { ...one.inputs, content: change(String(one.inputs["content"])) } } : one;
const withInputs = (name: string, change: Readonly<Record<string, unknown>>) => (one: Made) =>
  one.name === name ? { ...one, inputs: { ...one.inputs, ...change } } : one;
const extra = (type: string, inputs: Readonly<Record<string, unknown>>): Made => ({
  type: `aws:${type}`,
  name: "weak",
  inputs,
  outputs: {},
});

type Weaken = (resources: readonly Made[]) => readonly Made[];
const each =
  (change: (one: Made) => Made): Weaken =>
  (resources) =>
    resources.map(change);
const and =
  (more: Made): Weaken =>
  (resources) => [...resources, more];

test.each<[number, string, Weaken, RegExp]>([
  [8, "an association nobody counts", each(withInputs("pbx-delivery", { complianceSeverity: "LOW" })), /compliance/],
  [8, "one run only once", each(withInputs("pbx-delivery", { scheduleExpression: undefined })), /schedule/],
  [
    8,
    "one that is waited for",
    each(withInputs("pbx-delivery", { waitForSuccessTimeoutSeconds: 1800 })),
    /wait for the receipt/,
  ],
  [8, "one whose output is lost", each(withInputs("pbx-delivery", { outputLocation: undefined })), /keeps no output/],
  [8, "none", (all) => all.filter(({ name }) => name !== "pbx-delivery"), /there is none/],
  [
    21,
    "every action of a service",
    and(extra("iam/policy:Policy", policy({ Action: "s3:*", Resource: "arn:x" }))),
    /every action/,
  ],
  [
    21,
    "an action on everything",
    and(extra("iam/policy:Policy", policy({ Action: ["ssm:GetParameter"], Resource: "*" }))),
    /every resource/,
  ],
  [21, "an inline policy", and(extra("iam/rolePolicy:RolePolicy", {})), /inline/],
  [
    21,
    "a policy of AWS's",
    and(extra("iam/rolePolicyAttachment:RolePolicyAttachment", { policyArn: "arn:aws:iam::aws:policy/X" })),
    /ready-made/,
  ],
  [21, "policies within a role", each(withInputs("pbx-host", { inlinePolicies: [] })), /policies of its own/],
  [
    28,
    "AWS's own key",
    each(withInputs("pbx-secret", { kmsKeyId: "arn:aws:kms:x:1:alias/aws/secretsmanager" })),
    /key of one's own/,
  ],
  [28, "no description", each(withInputs("pbx-secret", { description: "" })), /not described/],
  [28, "no way back", each(withInputs("pbx-secret", { recoveryWindowInDays: 0 })), /gone at once/],
  [29, "a shared document", each(withInputs("pbx-deliver", { permissions: { accountIds: "all" } })), /is shared/],
  [
    29,
    "sessions in clear",
    each(bySession("pbx-session", (text) => text.replace(/"kmsKeyId":"[^"]*"/, '"kmsKeyId":""'))),
    /not encrypt/,
  ],
  [29, "sessions unlogged", each(bySession("pbx-session", (text) => text.replace("/sessions", ""))), /encrypted log/],
  [
    29,
    "a parameter that takes anything",
    each(bySession("pbx-deliver", (text) => text.replace(/"allowedPattern"/, '"x"'))),
    /any text for Bucket/,
  ],
  [29, "no sessions", (all) => all.filter(({ name }) => name !== "pbx-session"), /no document for sessions/],
])("row %d fails with %s", (row, _what, weaken, fault) => {
  expect(findings(row, weaken(made))).toEqual([
    { result: "fail", faults: expect.arrayContaining([expect.stringMatching(fault)]) as string[] },
  ]);
});

test("the caller's own secret is not judged", () => {
  const own = made.filter(({ type }) => !type.startsWith("aws:secretsmanager/"));
  expect(findings(28, own)).toMatchObject([{ result: "not-applicable" }]);
});
