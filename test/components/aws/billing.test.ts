import { AwsAsteriskHost } from "../../../components/aws/asterisk-host";
import type { MonthlyCost } from "../../../components/aws/monthly-cost";
import { instancePrices, prices } from "../../../components/aws/prices";
import type { Made } from "../../../controls/cloud/cloud-control";
import { office } from "../../../tools/aws/office";
import { billing } from "../../../tools/gen/aws-billing";
import { reasons } from "../../../tools/gen/aws-resources-page";
import { madeBy } from "./made-by-program";

let made: readonly Made[];
let cost: MonthlyCost;

beforeAll(async () => {
  // A program says what it warns of.
  jest.spyOn(console, "warn").mockImplementation(() => undefined);
  made = await madeBy(() => {
    const args = { ...office, alarmEmails: ["owner@example.com"], monthlyBudgetUsd: 60 };
    cost = new AwsAsteriskHost("pbx", args).estimatedMonthlyCost;
  });
}, 60_000);

const typeOf = (type: string) => type.replace(/^aws:([^/]+)\/[^:]+:/, "$1:");
const ofType = (type: string) => made.filter((one) => typeOf(one.type) === type);
const quantity = (what: string) => cost.lines.find((line) => line.what === what)?.quantity;

test("each type that is made has a line of the estimate, or a reason why it costs nothing", () => {
  const types = [...new Set(made.map(({ type }) => typeOf(type)))];
  expect(types.length).toBeGreaterThan(40);
  expect(types.filter((type) => billing[type] === undefined)).toEqual([]);
  const known = [...cost.lines.map(({ what }) => what), ...cost.without];
  for (const type of types) {
    const bill = billing[type];
    if (bill === undefined || "free" in bill) continue;
    const missing = bill.lines.filter((line) => !known.some((one) => one.startsWith(line)));
    expect([type, missing]).toEqual([type, []]);
  }
});

test("no line of the estimate is about something that is not made", () => {
  const billed = made.flatMap(({ type }) => {
    const bill = billing[typeOf(type)];
    return bill !== undefined && "lines" in bill ? bill.lines : [];
  });
  expect(cost.lines.map(({ what }) => what).filter((what) => !billed.includes(what))).toEqual([]);
});

test("the table of bills knows the types that the page of resources knows, and no other", () => {
  expect(Object.keys(billing).sort()).toEqual(Object.keys(reasons).sort());
});

test("quantities are those of what is made", () => {
  const metrics = ofType("cloudwatch:LogMetricFilter").map(
    ({ inputs }) => (inputs["metricTransformation"] as { name: string }).name,
  );
  const [machine] = ofType("ec2:Instance");
  const root = machine?.inputs["rootBlockDevice"] as { volumeSize: number } | undefined;
  const data = ofType("ebs:Volume").reduce((sum, { inputs }) => sum + Number(inputs["size"]), 0);
  expect(machine?.inputs["monitoring"]).toBe(true);
  expect({
    metrics: quantity("metrics"),
    alarms: quantity("alarms"),
    keys: quantity("keys"),
    secrets: quantity("secrets"),
    addresses: quantity("public address"),
    volumes: quantity("volumes"),
    monitoring: quantity("detailed monitoring"),
  }).toEqual({
    metrics: new Set(metrics).size,
    alarms: ofType("cloudwatch:MetricAlarm").length,
    keys: ofType("kms:Key").length,
    secrets: ofType("secretsmanager:Secret").length,
    addresses: ofType("ec2:Eip").length,
    volumes: (root?.volumeSize ?? 0) + data,
    monitoring: 7,
  });
});

test("in a network of the caller's no flow log is made and none is estimated", async () => {
  let own: MonthlyCost | undefined;
  const others = await madeBy(() => {
    own = new AwsAsteriskHost("pbx", { ...office, vpcId: "vpc-1", subnetId: "subnet-1" }).estimatedMonthlyCost;
  });
  expect(others.filter(({ type }) => type.includes("flowLog"))).toEqual([]);
  expect(own?.lines.map(({ what }) => what)).not.toContain("flow logs, taken in");
}, 30_000);

test.each([...Object.entries(prices), ...Object.entries(instancePrices)])(
  "the price of %s has a day, and says what was read or that it is recalled",
  (_what, { asOf, source, from }) => {
    expect(asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(from).toMatch(source === "documented" ? /^infracost\/infracost, \w+\.golden$/ : /^memory; to be checked$/);
  },
);
