import { spawnSync } from "node:child_process";
import * as pulumi from "@pulumi/pulumi";
import { deliveryContent, deliveryParameters, deliveryScript } from "../../../components/aws/delivery-document";
import { largestUserData, userData } from "../../../components/aws/user-data";
import { secretArnIssue } from "../../../components/aws/secret-arn";
import { ssmAgentPackage } from "../../../components/aws/agent-packages";
import type { Made } from "../../../controls/cloud/cloud-control";
import { deliveryParts, type Delivered } from "./delivery-parts";
import { madeBy, policyOf } from "./made";
import { ofType } from "./made-by-program";

const values = { "phone.sales.user": "sales-a1b2c3", "phone.sales.digest": "MD5:0123456789abcdef0123456789abcdef" };
const versions = [
  { versionId: "older-version-of-the-callers-secret", versionStages: ["AWSPREVIOUS"] },
  { versionId: "newest-version-of-the-callers-secret", versionStages: ["AWSCURRENT"] },
];
const deliver = (change: Partial<Delivered> = {}, boundary?: string) =>
  madeBy((part) => deliveryParts(part, { bundle: '{"format":1}', values, ...change }), boundary);

const one = (made: readonly Made[], type: string) => {
  const [first, ...more] = ofType(made, type);
  if (first === undefined || more.length > 0) throw new Error(`not one ${type}`);
  return first.inputs;
};
const parametersOf = (made: readonly Made[]) =>
  one(made, "ssm/association:Association")["parameters"] as Record<string, string>;

let made: readonly Made[];
beforeAll(async () => {
  jest.spyOn(pulumi.log, "info").mockResolvedValue(undefined);
  made = await deliver();
}, 60_000);

describe("the artefacts", () => {
  test("are named by their sha256, and the bucket's key encrypts them", () => {
    const objects = ofType(made, "s3/bucketObjectv2:BucketObjectv2").map(({ inputs }) => inputs);
    const { Agent, Bundle } = parametersOf(made);
    expect(objects.map(({ key }) => key).sort()).toEqual([`agents/${Agent}.pyz`, `bundles/${Bundle}.json`]);
    for (const object of objects) expect(object).toMatchObject({ serverSideEncryption: "aws:kms" });
  });

  test("hold no secret, and neither does what carries them to the host", () => {
    const seen = JSON.stringify(made.filter(({ type }) => !type.includes("secretsmanager")));
    for (const value of Object.values(values)) expect(seen).not.toContain(value);
    const { secretString } = one(made, "secretsmanager/secretVersion:SecretVersion");
    expect(JSON.stringify(secretString)).toContain("4dabf18193072939515e22adb298388d");
  });
});

describe("the association", () => {
  test("repairs on schedule, leaves its output in the bucket, and is not what is waited for", () => {
    expect(one(made, "ssm/association:Association")).not.toHaveProperty("waitForSuccessTimeoutSeconds");
    expect(one(made, "ssm/association:Association")).toMatchObject({
      targets: [{ key: "InstanceIds", values: ["i-0123456789abcdef0"] }],
      scheduleExpression: "rate(30 minutes)",
      complianceSeverity: "HIGH",
      outputLocation: { s3BucketName: "pbx-artifacts-id", s3KeyPrefix: "delivery-output" },
    });
  });

  test("carries what the document takes, each in the form it takes", () => {
    const parameters = parametersOf(made);
    expect(Object.keys(parameters).sort()).toEqual(Object.keys(deliveryParameters).sort());
    for (const [name, { allowedPattern }] of Object.entries(deliveryParameters))
      if (name !== "Secret") expect(parameters[name]).toMatch(new RegExp(allowedPattern));
  });

  test.each<[string, Partial<Delivered>]>([
    ["bundle", { bundle: '{"format":1,"more":1}' }],
    ["address", { address: "203.0.113.11" }],
  ])("carries another generation for another %s, and nothing else changes", async (_what, change) => {
    const changed = await deliver(change);
    expect(parametersOf(changed)["Generation"]).not.toBe(parametersOf(made)["Generation"]);
    expect(one(changed, "secretsmanager/secretVersion:SecretVersion")).toEqual(
      one(made, "secretsmanager/secretVersion:SecretVersion"),
    );
    const differ = changed.flatMap(({ name, inputs }) =>
      JSON.stringify(inputs) === JSON.stringify(made.find((one) => one.name === name)?.inputs) ? [] : [name],
    );
    expect(differ.filter((name) => !/-(delivery|bundle)$/.test(name))).toEqual([]);
  });
});

describe("the caller's own secret", () => {
  const own = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:pbx-AbCdEf";

  const keyArn = "arn:aws:kms:eu-central-1:123456789012:key/of-the-caller";
  const withOwn = () =>
    madeBy((part) => deliveryParts(part, { bundle: "{}", secretArn: own }), undefined, {
      "aws:secretsmanager/getSecret:getSecret": ({ arn }) => ({ arn, kmsKeyId: "key-of-the-caller" }),
      "aws:kms/getKey:getKey": ({ keyId }) => ({ keyId, arn: keyId === "key-of-the-caller" ? keyArn : "another" }),
      "aws:secretsmanager/getSecretVersions:getSecretVersions": () => ({ versions }),
    });

  test("is delivered in its current version, and no other is made", async () => {
    const given = await withOwn();
    expect(parametersOf(given)).toMatchObject({ Secret: own, SecretVersion: "newest-version-of-the-callers-secret" });
    expect(given.filter(({ type }) => type.startsWith("aws:secretsmanager/"))).toEqual([]);
  });

  test("is all that the role may read, with the key it is encrypted with", async () => {
    const given = await withOwn();
    const statements = ofType(given, "iam/policy:Policy").flatMap(({ inputs }) => policyOf(inputs).Statement);
    const of = (sid: string) => statements.find(({ Sid }) => Sid === sid);
    expect(of("Secret")).toMatchObject({ Action: ["secretsmanager:GetSecretValue"], Resource: own });
    expect(of("SecretKey")).toMatchObject({
      Resource: keyArn,
      Condition: { StringEquals: { "kms:EncryptionContext:SecretARN": own } },
    });
  });

  const here = ["aws", "eu-central-1", "123456789012"] as const;
  const cure = /give one like "arn:aws:secretsmanager:eu-central-1:123456789012:secret:pbx-AbCdEf"/;

  test("is taken in the form that AWS gives it", () => {
    for (const name of ["pbx", "office/pbx", "a_b+c=d.e@f-g"])
      expect(secretArnIssue(own.replace("pbx-", `${name}-`), here)).toBeUndefined();
  });

  test.each([
    ["another account", own.replace("123456789012", "210987654321"), /is a secret of account 210987654321/],
    [
      "another region",
      own.replace("eu-central-1", "us-east-1"),
      /is a secret in us-east-1, and the PBX is made in eu-/,
    ],
    ["another partition", own.replace("arn:aws:", "arn:aws-cn:"), /is a secret in eu-central-1/],
    ["nothing", "", /"" is not the ARN of a secret/],
    ["its name alone", "pbx", /"pbx" is not the ARN of a secret/],
    ["an ARN without AWS's six characters", own.replace("-AbCdEf", ""), /is not the ARN of a secret/],
    ["another service", own.replace("secretsmanager", "ssm"), /is not the ARN of a secret/],
    ["a word behind it", `${own} x`, /is not the ARN of a secret/],
    ["a line behind it", `${own}\n`, /is not the ARN of a secret/],
  ])("of %s is refused with the cure", (_what, given, words) => {
    expect(secretArnIssue(given, here)).toMatch(words);
    expect(secretArnIssue(given, here)).toMatch(cure);
  });
});

describe("the role", () => {
  const policies = () =>
    ofType(made, "iam/policy:Policy").flatMap(
      ({ inputs }) => policyOf(inputs).Statement as { Sid: string; Action: string[]; Resource: unknown }[],
    );

  test("may open the channels of Session Manager anywhere, and nothing else", () => {
    const wide = policies().filter(({ Resource }) => JSON.stringify(Resource).includes('"*"'));
    expect(wide.flatMap(({ Action }) => Action).filter((action) => !action.startsWith("ssmmessages:"))).toEqual([]);
    expect(policies().flatMap(({ Action }) => Action)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/\*|GetParameter|DeleteObject|ListBucket|ec2messages/)]),
    );
  });

  test("reads artefacts and one secret, and writes reports", () => {
    const of = (sid: string) => policies().find(({ Sid }) => Sid === sid)?.Resource;
    expect(JSON.stringify(of("Artifacts"))).toMatch(/pbx-artifacts\/agents\/\*.*\/bundles\/\*.*\/packages\/\*/);
    expect(JSON.stringify(of("Reports"))).toMatch(/pbx-artifacts\/receipts\/\*.*\/delivery-output\/\*/);
    expect(of("Secret")).toMatch(/pbx-secret$/);
  });

  test("is bounded when the caller says so, and holds policies of the caller's account only", async () => {
    const bounded = await deliver({}, "arn:aws:iam::123456789012:policy/limit");
    expect(one(bounded, "iam/role:Role")).toMatchObject({
      permissionsBoundary: "arn:aws:iam::123456789012:policy/limit",
    });
    const attached = ofType(made, "iam/rolePolicyAttachment:RolePolicyAttachment").map(
      ({ inputs }) => inputs["policyArn"],
    );
    expect(attached.filter((policy) => String(policy).includes(":iam::aws:"))).toEqual([]);
  });
});

describe("the document", () => {
  const parameters = () =>
    (JSON.parse(deliveryContent()) as { parameters: Record<string, { allowedPattern: string }> }).parameters;

  test("is the same for every configuration", async () => {
    const other = await deliver({ bundle: "{}", values: {}, address: "203.0.113.11" });
    const text = (all: readonly Made[]) =>
      ofType(all, "ssm/document:Document").find(({ name }) => name === "pbx-deliver")?.inputs["content"];
    expect(text(other)).toBe(text(made));
    expect(Buffer.byteLength(String(text(made)))).toBeLessThan(64 * 1024);
  });

  test("has no other braces than those of its parameters, and is a script the shell takes", () => {
    const script = deliveryScript().join("\n");
    expect([...script.matchAll(/\{\{(.*?)\}\}/g)].map(([, name]) => name?.trim()).sort()).toEqual(
      Object.keys(parameters()).sort(),
    );
    expect(spawnSync("sh", ["-n"], { input: script })).toMatchObject({ status: 0 });
    const python = /<<'PYTHON'\n([^]*)\nPYTHON$/.exec(script)?.[1] ?? "";
    const compiles = ["-Ic", "import sys; compile(sys.stdin.read(), 'document', 'exec')"];
    expect(spawnSync("python3", compiles, { input: python })).toMatchObject({ status: 0 });
  });

  test.each(["'; reboot; '", "$(reboot)", "a b", "a\nb", "{{ Bucket }}", ""])("takes %j for no parameter", (text) => {
    for (const { allowedPattern } of Object.values(parameters())) expect(text).not.toMatch(new RegExp(allowedPattern));
  });
});

describe("user data", () => {
  const { url } = ssmAgentPackage.amd64;

  test("fits, names the package by its digest, and is the same each time", () => {
    for (const agent of Object.values(ssmAgentPackage)) {
      expect(Buffer.byteLength(userData(agent))).toBeLessThanOrEqual(largestUserData);
      expect(userData(agent)).toContain(agent.sha256);
      expect(userData(agent)).toBe(userData({ ...agent }));
    }
  });

  test.each([
    [{ url: "https://x/'; reboot;'.deb", sha256: "a".repeat(64) }, /ssmAgentPackage\.url: must be the address/],
    [{ url, sha256: "latest" }, /ssmAgentPackage\.sha256: must be 64 hexadecimal digits/],
    [{ url: `https://x/${"y".repeat(2000)}.deb`, sha256: "a".repeat(64) }, /too long; user data would have \d+ bytes/],
  ])("refuses %j", (given, words) => {
    expect(() => userData(given)).toThrow(words);
  });
});
