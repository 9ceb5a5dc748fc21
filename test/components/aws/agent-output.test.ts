import { runSimulation } from "@cloud-copilot/iam-simulate";
import * as pulumi from "@pulumi/pulumi";
import type { Made } from "../../../controls/cloud/cloud-control";
import { deliveryParts } from "./delivery-parts";
import { inputsOf, madeBy, policyOf } from "./made";

const bucket = "arn:aws:s3:::pbx-artifacts";
let made: readonly Made[];

beforeAll(async () => {
  jest.spyOn(pulumi.log, "info").mockResolvedValue(undefined);
  made = await madeBy((part) => deliveryParts(part, { bundle: "{}" }), undefined, {}, {});
}, 60_000);

/** What IAM says to the host for a request to the bucket, by an evaluator that is not ours. */
async function decision(action: string, key: string, context: Record<string, string> = {}): Promise<string> {
  // The resources of the tests have other ARNs than a bucket of S3.
  const text = JSON.stringify(policyOf(inputsOf(made, "pbx-host-work-policy"))).replaceAll(
    "arn:aws:test:::pbx-artifacts",
    bucket,
  );
  const outcome = await runSimulation(
    {
      request: {
        principal: "arn:aws:iam::123456789012:role/pbx-host",
        action,
        resource: { resource: `${bucket}/${key}`, accountId: "123456789012" },
        contextVariables: context,
      },
      identityPolicies: [{ name: "work", policy: JSON.parse(text) as { Version: string; Statement: object[] } }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (outcome.resultType === "error") throw new Error(JSON.stringify(outcome.errors));
  return outcome.overallResult;
}

/** What the agent of Systems Manager sends with each upload (amazon-ssm-agent 3.3.0, agent/s3util/s3util.go, S3Upload). */
const agents = { "s3:x-amz-acl": "bucket-owner-full-control" };
const output = "delivery-output/i-1/awsrunShellScript/deliver/stdout";

test("the agent may upload the output of a delivery with its ACL, for which S3 asks for two rights", async () => {
  expect(await decision("s3:PutObject", output, agents)).toBe("Allowed");
  expect(await decision("s3:PutObjectAcl", output, agents)).toBe("Allowed");
});

test.each([
  ["with another ACL", output, { "s3:x-amz-acl": "public-read" }],
  ["without naming one", output, {}],
  ["to a receipt", "receipts/i-1/latest-receipt.json", agents],
  ["to a bundle", "bundles/a.json", agents],
])("it may set no ACL %s", async (_what, key, context) => {
  expect(await decision("s3:PutObjectAcl", key, context)).not.toBe("Allowed");
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
