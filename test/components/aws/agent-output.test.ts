import * as pulumi from "@pulumi/pulumi";
import type { Made } from "../../../controls/cloud/cloud-control";
import { deliveryParts } from "./delivery-parts";
import { decision } from "./iam-decision";
import { inputsOf, madeBy, policyOf } from "./made";

const bucket = "arn:aws:s3:::pbx-artifacts";
let made: readonly Made[];

beforeAll(async () => {
  jest.spyOn(pulumi.log, "info").mockResolvedValue(undefined);
  made = await madeBy((part) => deliveryParts(part, { bundle: "{}" }), undefined, {}, {});
}, 60_000);

/** What IAM says to the host for a request to the bucket. */
function decided(action: string, key: string, context: Record<string, string> = {}) {
  // The resources of the tests have other ARNs than a bucket of S3.
  const text = JSON.stringify(policyOf(inputsOf(made, "pbx-host-work-policy"))).replaceAll(
    "arn:aws:test:::pbx-artifacts",
    bucket,
  );
  const asking = { principal: "role/pbx-host" };
  return decision([JSON.parse(text) as object], action, `${bucket}/${key}`, context, asking);
}

/** What the agent of Systems Manager sends with each upload (amazon-ssm-agent 3.3.0, agent/s3util/s3util.go, S3Upload). */
const agents = { "s3:x-amz-acl": "bucket-owner-full-control" };
const output = "delivery-output/i-1/awsrunShellScript/deliver/stdout";

test("the agent may upload the output of a delivery with its ACL, for which S3 asks for two rights", async () => {
  expect(await decided("s3:PutObject", output, agents)).toBe("Allowed");
  expect(await decided("s3:PutObjectAcl", output, agents)).toBe("Allowed");
});

test.each([
  ["with another ACL", output, { "s3:x-amz-acl": "public-read" }],
  ["without naming one", output, {}],
  ["to a receipt", "receipts/i-1/latest-receipt.json", agents],
  ["to a bundle", "bundles/a.json", agents],
])("it may set no ACL %s", async (_what, key, context) => {
  expect(await decided("s3:PutObjectAcl", key, context)).not.toBe("Allowed");
});

test("output goes after a month, its versions a day later; what is delivered and receipts stay", () => {
  const { rules } = inputsOf(made, "pbx-artifacts-lifecycle") as { rules: Record<string, unknown>[] };
  const expiring = rules.filter(({ expiration }) => expiration !== undefined);
  expect(expiring).toEqual([
    expect.objectContaining({
      status: "Enabled",
      filter: { prefix: "delivery-output/" },
      expiration: { days: 30 },
      noncurrentVersionExpiration: { noncurrentDays: 1 },
    }),
  ]);
  expect(rules).toContainEqual(expect.objectContaining({ filter: { prefix: "" } }));
});
