import * as pulumi from "@pulumi/pulumi";
import { AwsAsteriskHost } from "../../../components/aws/asterisk-host";
import { awsProfile } from "../../../components/aws/aws-profile";
import { longestComponent } from "../../../components/aws/physical-names";
import type { Made } from "../../../controls/cloud/cloud-control";
import { allowedNames, namedInLogGroup, nameless } from "./aws-names";
import { madeBy } from "./made-by-program";
import { awsArgs } from "./spec";

beforeAll(() => {
  jest.spyOn(pulumi.log, "info").mockResolvedValue(undefined);
  jest.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);
});

interface Place {
  readonly project: string;
  readonly stack: string;
}

const everything = { alarmEmails: ["ops@example.net"], monthlyBudgetUsd: 60 };
const hostIn = (place: Place, component = "pbx") =>
  madeBy(() => new AwsAsteriskHost(component, awsArgs(everything)), place);

/** Characters that the provider adds: to a prefix, and to the name of a resource that gives none. */
const added = { toPrefix: 26, toNone: 8 };

/** Physical name as far as the program decides it, and its length; undefined for a type without one. */
function nameOf({ type, inputs }: Made): { name: string; length: number } | undefined {
  const allowed = allowedNames[type];
  if (allowed === undefined) return undefined;
  const { property, prefix = "" } = allowed;
  if (typeof inputs[property] === "string") return { name: inputs[property], length: inputs[property].length };
  if (typeof inputs[prefix] !== "string") return { name: "", length: 0 };
  return { name: inputs[prefix], length: inputs[prefix].length + added.toPrefix };
}

/** What AWS would refuse of a resource's name, or what is missing in it. */
function fault(resource: Made, parts: readonly string[]): string | undefined {
  const { type, name: logical } = resource;
  const said = (what: string) => `${logical}, a ${type}, ${what}`;
  const inGroup = namedInLogGroup[type];
  if (inGroup !== undefined) return logical.length + added.toNone > inGroup ? said("has too long a name") : undefined;
  if (nameless.includes(type)) return undefined;
  const [named, allowed] = [nameOf(resource), allowedNames[type]];
  if (named === undefined || allowed === undefined) return said("is in no list of aws-names.ts");
  const { name, length } = named;
  const missing = parts.filter((part) => !name.includes(part));
  if (missing.length > 0) return said(`lacks ${missing.join(" and ")}: "${name}"`);
  if (length > allowed.longest) return said(`has ${length} characters of ${allowed.longest}: "${name}"`);
  if (!allowed.characters.test(name)) return said(`has a character that AWS does not take: "${name}"`);
  const reserved = (allowed.reserved ?? []).some((beginning) => name.toLowerCase().startsWith(beginning));
  return reserved ? said(`begins with what AWS reserves: "${name}"`) : undefined;
}

const faults = (made: readonly Made[], parts: readonly string[]) => made.flatMap((one) => fault(one, parts) ?? []);
/** Every name that is unique in an account and region. */
const names = (made: readonly Made[]) =>
  made.flatMap((one) => (nameOf(one) ? [`${one.type} ${nameOf(one)?.name}`] : []));

test("every physical name has project, stack and component, and is one that AWS takes", async () => {
  const made = await hostIn({ project: "shop", stack: "dev" });
  expect(faults(made, ["shop", "dev", "pbx"])).toEqual([]);
  expect(names(made).length).toBeGreaterThan(60);
  expect(new Set(names(made)).size).toBe(names(made).length);
}, 60_000);

test("a new resource without such a name is noticed", () => {
  const of = (type: string, inputs: Record<string, unknown>): Made => ({ type, name: "pbx-new", inputs, outputs: {} });
  const parts = ["shop", "dev", "pbx"];
  const found = faults(
    [
      of("aws:sqs/queue:Queue", {}),
      of("aws:sns/topic:Topic", {}),
      of("aws:backup/vault:Vault", { name: "pbx-backups" }),
      of("aws:iam/role:Role", { name: `pbx-shop-dev-${"x".repeat(60)}` }),
      of("aws:s3/bucket:Bucket", { bucketPrefix: "pbx-Shop-shop-dev-" }),
      of("aws:ssm/document:Document", { name: "aws-pbx-shop-dev" }),
    ],
    parts,
  );
  expect(found).toEqual([
    expect.stringContaining("is in no list"),
    expect.stringContaining("lacks shop and dev and pbx"),
    expect.stringContaining("lacks shop and dev"),
    expect.stringContaining("has 73 characters of 64"),
    expect.stringContaining("has a character that AWS does not take"),
    expect.stringContaining("begins with what AWS reserves"),
  ]);
});

const longest = "p".repeat(longestComponent);

test("the longest names of all keep the component, but for buckets, and are ones that AWS takes", async () => {
  const made = await hostIn({ project: `Aws_${"project.".repeat(12)}`, stack: "stack_".repeat(16) }, longest);
  const buckets = made.filter(({ type }) => type === "aws:s3/bucket:Bucket");
  expect(buckets).toHaveLength(3);
  expect(faults(buckets, ["ppp"])).toEqual([]);
  expect(
    faults(
      made.filter((one) => !buckets.includes(one)),
      [longest],
    ),
  ).toEqual([]);
}, 60_000);

test.each<[string, readonly [Place, string?], readonly [Place, string?]]>([
  ["two projects, both dev/pbx", [{ project: "shop", stack: "dev" }], [{ project: "depot", stack: "dev" }]],
  ["two stacks", [{ project: "shop", stack: "dev" }], [{ project: "shop", stack: "prod" }]],
  ["a dash in the project or in the stack", [{ project: "a-b", stack: "c" }], [{ project: "a", stack: "b-c" }]],
  ["two components", [{ project: "shop", stack: "dev" }], [{ project: "shop", stack: "dev" }, "pbx2"]],
  [
    "two projects whose names are cut alike",
    [{ project: `${"x".repeat(90)}1`, stack: "s".repeat(90) }, longest],
    [{ project: `${"x".repeat(90)}2`, stack: "s".repeat(90) }, longest],
  ],
])(
  "%s in one account share no physical name",
  async (_, one, other) => {
    const [first, second] = [names(await hostIn(...one)), names(await hostIn(...other))];
    expect(first.filter((name) => second.includes(name))).toEqual([]);
  },
  60_000,
);

function refusal(name: string): string {
  try {
    awsProfile(name, awsArgs(), () => undefined, new Date());
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
  return "";
}

test.each([
  ["p".repeat(37), "has 37 characters, and IAM takes 64 for the name of a role, of which 36 are left", "shorten it"],
  ["aws-pbx", 'begins with "aws", and Systems Manager takes no document', "choose another beginning"],
  ["AmazonPbx", 'begins with "amazon"', "choose another beginning"],
  ["amzn-pbx", 'begins with "amzn"', "choose another beginning"],
  ["sg-office", 'begins with "sg-", and EC2 takes no security group', "choose another beginning"],
  ["our pbx", "has a character that S3 does not take", "write letters, digits and single dashes"],
  ["our_pbx", "has a character that S3 does not take", "write letters, digits and single dashes"],
])("a component named %s is refused once, with path, limit and cure", (name, limit, cure) => {
  const said = refusal(name);
  for (const words of [`  name: "${name}" ${limit}`, cure, "has 1 issue"]) expect(said).toContain(words);
  expect(said.match(/ {2}name:/g)).toHaveLength(1);
  expect(said).not.toMatch(/\n\s+at /);
});

test("the longest component name is not refused", () => {
  expect(longest).toHaveLength(36);
  expect(refusal(longest)).toBe("");
});
