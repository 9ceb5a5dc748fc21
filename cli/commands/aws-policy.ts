import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { deployPolicies, type IamPolicy } from "../../components/aws/deploy-policy";
import { partitionOf } from "../../components/aws/deployed-arns";
import { nameIssues } from "../../components/aws/name-issues";
import { operatorPolicy } from "../../components/aws/operator-policy";
import { physicalName, type Owner } from "../../components/aws/physical-names";
import { asCliError } from "../read-input";
import { CliError, exitCode, type Terminal } from "../terminal";

const examples = `
Examples:
  hardened-asterisk aws policy --account 123456789012 --region eu-central-1 --stack dev prod
  hardened-asterisk aws policy --account 123456789012 --region eu-central-1 --stack dev \\
    --permissions-boundary arn:aws:iam::123456789012:policy/pbx-boundary policies
  aws iam create-policy --policy-name pbx-deploy-1 --policy-document file://policies/deploy-1.json

Attach every deploy-… to the role that runs \`pulumi up\`, \`refresh\` and \`destroy\`. operator is there
with --instance and --logs-key; the output operatorPolicy is the same. Nothing is asked of
AWS. Exit code 2: an option is refused.`;

interface Options {
  readonly account: string;
  readonly region: string;
  readonly project: string;
  readonly component: string;
  readonly stack: readonly string[];
  readonly permissionsBoundary?: string;
  readonly instance?: string;
  readonly logsKey?: string;
}

/** `hardened-asterisk aws policy`: what IAM has to allow whoever runs `up`, and operators. */
export function awsPolicyCommand(terminal: Terminal): Command {
  return new Command("policy")
    .description("Prints IAM policies for who deploys a host with Pulumi, and for who opens sessions on it.")
    .argument(
      "[folder]",
      "where to write one file for each policy; new or empty (default: print all as one JSON object)",
    )
    .requiredOption("--account <id>", "the AWS account, twelve digits")
    .requiredOption("--region <region>", "for example eu-central-1")
    .requiredOption("--stack <names...>", "names of the Pulumi stacks, without organization")
    .option("--project <name>", "name of the Pulumi project", "pbx")
    .option("--component <name>", "name of the AwsAsteriskHost in the program", "pbx")
    .option("--permissions-boundary <arn>", "as the argument permissionsBoundary: no role without it can be made")
    .option("--instance <id>", "with --logs-key: also the policy of operators of this machine")
    .option("--logs-key <arn>", "the KMS key that sessions are encrypted with")
    .addHelpText("after", examples)
    .action((folder: string | undefined, options: Options) => {
      refuse(issuesOf(options));
      const policies = policiesOf(options);
      if (folder === undefined) terminal.print(`${JSON.stringify(policies, undefined, 2)}\n`);
      else terminal.print(`${write(policies, folder)} policies written below ${folder}\n`);
    });
}

type Policies = Readonly<Record<string, IamPolicy>>;

function policiesOf(options: Options): Policies {
  const { account, region, project, component, instance, logsKey, permissionsBoundary } = options;
  const owners = options.stack.map((stack): Owner => ({ project, stack, component }));
  const bounded = permissionsBoundary === undefined ? {} : { permissionsBoundary };
  const deploy = asRefusal(() => deployPolicies({ account, region, owners, ...bounded }));
  const operator = owners.flatMap((owner) => {
    if (instance === undefined || logsKey === undefined) return [];
    const partition = partitionOf(region);
    const documentArn = `arn:${partition}:ssm:${region}:${account}:document/${physicalName(owner, "document", "session")}`;
    const args = { partition, region, accountId: account, instanceId: instance, documentArn, keyArn: logsKey };
    return [["operator", operatorPolicy(args)] as const];
  });
  return Object.fromEntries([...deploy.map((one, at) => [`deploy-${at + 1}`, one] as const), ...operator]);
}

function asRefusal<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CliError(`--stack: ${error.message}; print the policies of fewer stacks at a time`, exitCode.refused);
  }
}

/** What is wrong with the options; a pattern of IAM in one of them would widen every statement. */
function issuesOf(options: Options): string[] {
  const { account, region, project, component, stack, permissionsBoundary, instance, logsKey } = options;
  const wrong = (option: string, value: string | undefined, pattern: RegExp, cure: string) =>
    value === undefined || pattern.test(value) ? [] : [`--${option}: ${JSON.stringify(value)} ${cure}`];
  const name = /^[A-Za-z0-9_.-]+$/;
  const arn = (service: string) => new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]*:(\\d{12}|aws):[\\w+=,.@/-]+$`);
  return [
    ...wrong("account", account, /^\d{12}$/, "is no account; write its twelve digits"),
    ...wrong("region", region, /^[a-z]{2}(-[a-z]+)+-\d+$/, "is no region; write for example eu-central-1"),
    ...wrong("project", project, name, "is no name of a project; write the one of Pulumi.yaml"),
    ...stack.flatMap((one) => wrong("stack", one, name, "is no name of a stack; write it without the organization")),
    ...nameIssues(component).map(({ message }) => `--component: ${message}`),
    ...wrong("permissions-boundary", permissionsBoundary, arn("iam"), "is no ARN of a policy of IAM"),
    ...wrong("instance", instance, /^i-[0-9a-f]+$/, "is no instance; write the output instanceId"),
    ...wrong("logs-key", logsKey, arn("kms"), "is no ARN of a key of KMS"),
    ...((instance === undefined) === (logsKey === undefined)
      ? []
      : ["--instance: and --logs-key belong together; give both or none"]),
    ...(instance !== undefined && stack.length > 1 ? ["--instance: is of one stack; give one --stack with it"] : []),
  ];
}

function refuse(issues: readonly string[]): void {
  if (issues.length > 0) throw new CliError(issues.join("\n  "), exitCode.refused);
}

/** Writes a file for each policy below a folder that is empty or not there yet; returns how many. */
function write(policies: Policies, folder: string): number {
  try {
    mkdirSync(folder, { recursive: true });
    if (readdirSync(folder).length > 0)
      throw new CliError(`${folder}: is not empty; name a new folder, or empty this one first`, exitCode.refused);
    for (const [name, policy] of Object.entries(policies))
      writeFileSync(path.join(folder, `${name}.json`), `${JSON.stringify(policy, undefined, 2)}\n`);
    return Object.keys(policies).length;
  } catch (error) {
    throw asCliError(error, folder);
  }
}
