import type { CloudControl, CloudFinding, Made } from "./cloud-control";
import { all, every, except, fail, notApplicable, ofType, pass, policyIn, texts } from "./judging";

const association = "aws:ssm/association:Association";
const ssmDocument = "aws:ssm/document:Document";
const secret = "aws:secretsmanager/secret:Secret";

const textOf = (input: unknown): string => (typeof input === "string" ? input : "");

function associationFault({ inputs }: Made): string | undefined {
  if (inputs["complianceSeverity"] !== "HIGH") return "does not count towards compliance";
  if (typeof inputs["scheduleExpression"] !== "string") return "is not run again on schedule";
  if (inputs["waitForSuccessTimeoutSeconds"] !== undefined)
    return "is waited for, and AWS calls it a success before an instance has registered: wait for the receipt";
  return inputs["outputLocation"] === undefined ? "keeps no output" : undefined;
}

const ready = (arn: string) => /^arn:[a-z-]+:iam::aws:policy\//.test(arn);

/** What EC2 tells of all resources or none (Service Authorization Reference). */
const isQuestion = (action: string) => /^ec2:Describe[A-Za-z]+$/.test(action) || action === "tag:GetResources";

/** Every statement that allows something to whoever holds the policy. */
function policyFindings(resources: readonly Made[]): CloudFinding[] {
  return ofType(resources, "aws:iam/policy:Policy").flatMap(({ name, inputs }) =>
    policyIn(inputs["policy"]).Statement.map(({ Effect, Action, Resource, Condition }): CloudFinding => {
      const actions = texts(Action);
      if (Effect === "Allow" && actions.some((action) => action === "*" || action.endsWith(":*")))
        return fail(`${name}: allows every action of a service`);
      if (Effect !== "Allow" || !texts(Resource).includes("*")) return pass;
      const questions = Condition?.["StringEquals"]?.["aws:RequestedRegion"] !== undefined;
      return actions.every((action) => action.startsWith("ssmmessages:") || (questions && isQuestion(action)))
        ? except("E4")
        : fail(`${name}: allows ${actions.join(", ")} on every resource`);
    }),
  );
}

function attachmentFaults(resources: readonly Made[]): CloudFinding {
  const inline = ofType(resources, "aws:iam/rolePolicy:RolePolicy").map(({ name }) => `${name}: is an inline policy`);
  const ofAws = ofType(resources, "aws:iam/rolePolicyAttachment:RolePolicyAttachment").flatMap(({ name, inputs }) =>
    ready(String(inputs["policyArn"])) ? [`${name}: attaches a ready-made policy of AWS`] : [],
  );
  const within = ofType(resources, "aws:iam/role:Role").flatMap(({ name, inputs }) =>
    inputs["inlinePolicies"] === undefined && inputs["managedPolicyArns"] === undefined
      ? []
      : [`${name}: has policies of its own instead of attached ones`],
  );
  const faults = [...inline, ...ofAws, ...within];
  return faults.length === 0 ? pass : fail(...faults);
}

function secretFault({ inputs }: Made): string | undefined {
  const key = textOf(inputs["kmsKeyId"]);
  if (key === "" || key.includes("alias/aws/")) return "is not under a key of one's own";
  if (textOf(inputs["description"]) === "") return "is not described";
  return Number(inputs["recoveryWindowInDays"]) >= 7 ? undefined : "is gone at once when it is deleted";
}

interface SessionInputs {
  readonly kmsKeyId?: string;
  readonly cloudWatchLogGroupName?: string;
  readonly cloudWatchEncryptionEnabled?: boolean;
}

function documentFault({ inputs }: Made): string | undefined {
  if (inputs["permissions"] !== undefined) return "is shared";
  const content = JSON.parse(String(inputs["content"])) as {
    inputs?: SessionInputs;
    parameters?: Readonly<Record<string, { allowedPattern?: string }>>;
  };
  if (inputs["documentType"] === "Session") {
    const { kmsKeyId, cloudWatchLogGroupName, cloudWatchEncryptionEnabled } = content.inputs ?? {};
    if ((kmsKeyId ?? "") === "") return "does not encrypt sessions";
    return (cloudWatchLogGroupName ?? "") !== "" && cloudWatchEncryptionEnabled === true
      ? undefined
      : "does not write sessions to an encrypted log";
  }
  const loose = Object.entries(content.parameters ?? {}).filter(([, facts]) => facts.allowedPattern === undefined);
  return loose.length === 0 ? undefined : `takes any text for ${loose.map(([name]) => name).join(", ")}`;
}

/** Rows about what reaches the host, what the host may do, and how a person gets on it. */
export const deliveryControls: readonly CloudControl[] = [
  {
    row: 8,
    ids: ["SSM.1", "SSM.3"],
    threat: "A host that nobody manages drifts, and nobody learns that its configuration failed.",
    judge: (made) => every(made, association, associationFault),
  },
  {
    row: 21,
    ids: ["IAM.1", "IAM.21", "CKV_AWS_63", "CKV_AWS_107", "CKV_AWS_274", "CKV_AWS_355", "CKV2_AWS_56", "AWS-0057"],
    threat: "Whoever breaks into the host has its role, and with wide rights the account.",
    judge: (made) =>
      all(
        every(made, "aws:iam/policy:Policy", () => undefined),
        attachmentFaults(made),
        ...policyFindings(made),
      ),
  },
  {
    row: 28,
    ids: ["SecretsManager.3", "CKV_AWS_149", "AWS-0098"],
    threat: "Passwords under a key that everybody in the account may use.",
    judge: (made) =>
      ofType(made, secret).length === 0
        ? notApplicable("the secret is the caller's own")
        : all(every(made, secret, secretFault), except("E6")),
  },
  {
    row: 29,
    ids: ["SSM.4", "CKV_AWS_112", "CKV_AWS_113", "CKV_AWS_303"],
    threat: "A session that nobody can look at afterwards, or a command that takes any text into a shell.",
    judge: (made) => {
      const sessions = ofType(made, ssmDocument).filter(({ inputs }) => inputs["documentType"] === "Session");
      return all(
        every(made, ssmDocument, documentFault),
        sessions.length > 0 ? pass : fail("no document for sessions"),
      );
    },
  },
];
