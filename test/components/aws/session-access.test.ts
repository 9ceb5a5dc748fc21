import * as pulumi from "@pulumi/pulumi";
import { sessionAccess, type SessionAccess } from "../../../components/aws/session-access";
import { decision } from "./iam-decision";
import { madeBy } from "./made";
import { settled } from "./made-by-program";

const arn = (service: string, rest: string) => `arn:aws:${service}:eu-central-1:123456789012:${rest}`;
const document = { name: "pbx-session-1a2b3c4", arn: arn("ssm", "document/pbx-session-1a2b3c4") };
const keyArn = arn("kms", "key/01234567-89ab-cdef-0123-456789abcdef");
const host = arn("ec2", "instance/i-0123456789abcdef0");

let command: string;
let policy: { Version: string; Statement: Record<string, unknown>[] };
beforeAll(async () => {
  let access: SessionAccess | undefined;
  await madeBy((part) => {
    access = sessionAccess(part, { document, instanceId: "i-0123456789abcdef0", keyArn });
    return pulumi.all([access.command, access.operatorPolicy]);
  });
  const both = pulumi.all([access?.command, access?.operatorPolicy]);
  const [said = "", text = ""] = (await settled(both)) as string[];
  command = said;
  policy = JSON.parse(text) as typeof policy;
}, 60_000);

/** What IAM says to an operator who has the policy and nothing else. */
function decided(action: string, resource: string, context: Record<string, string> = {}, given = policy) {
  const asking = { principal: "user/operator", key: resource === keyArn };
  return decision([given], action, resource, { "aws:userid": "AIDAOPERATOR", ...context }, asking);
}

const checked = { "ssm:SessionDocumentAccessCheck": "true" };
const unchecked = { "ssm:SessionDocumentAccessCheck": "false" };

test("the command names region, machine and document", () => {
  expect(command).toBe(
    "aws ssm start-session --region eu-central-1 --target i-0123456789abcdef0 --document-name pbx-session-1a2b3c4",
  );
});

test("an operator may start a session by the document that logs, on this machine", async () => {
  expect(await decided("ssm:StartSession", host, checked)).toBe("Allowed");
  expect(await decided("ssm:StartSession", document.arn, checked)).toBe("Allowed");
  expect(await decided("kms:GenerateDataKey", keyArn)).toBe("Allowed");
});

test.each([
  ["by a request of which AWS checks no document", host, unchecked],
  ["by the account's own preferences", arn("ssm", "document/SSM-SessionManagerRunShell"), checked],
  ["by AWS's document that forwards ports", arn("ssm", "document/AWS-StartPortForwardingSession"), checked],
  ["on another machine", arn("ec2", "instance/i-0fedcba9876543210"), checked],
])("and none %s", async (_what, resource, context) => {
  expect(await decided("ssm:StartSession", resource, context)).toBe("ImplicitlyDenied");
});

test("without the condition a session of which AWS checks no document would be allowed", async () => {
  const weak = { ...policy, Statement: policy.Statement.map((one) => ({ ...one, Condition: {} })) };
  expect(await decided("ssm:StartSession", host, unchecked, weak)).toBe("Allowed");
});

test("an operator may end sessions of his own, and nobody else's", async () => {
  expect(await decided("ssm:TerminateSession", arn("ssm", "session/AIDAOPERATOR-0a1b2c"))).toBe("Allowed");
  expect(await decided("ssm:TerminateSession", arn("ssm", "session/AIDASOMEBODY-0a1b2c"))).toBe("ImplicitlyDenied");
});
