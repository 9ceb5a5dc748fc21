import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { deployPolicies, takeDownPolicies, type IamPolicy } from "../../components/aws/deploy-policy";
import { nameIssues } from "../../components/aws/name-issues";
import { operatorPolicy } from "../../components/aws/operator-policy";
import { namePattern, physicalName, type Owner } from "../../components/aws/physical-names";
import { asCliError } from "../read-input";
import { CliError, exitCode, type Terminal } from "../terminal";

const examples = `
Examples:
  hardened-asterisk aws policy --account 123456789012 --region eu-central-1 --stack dev --stack prod
  hardened-asterisk aws policy --account 123456789012 --region eu-central-1 --stack dev \\
    --permissions-boundary arn:aws:iam::123456789012:policy/pbx-boundary policies
  aws iam create-policy --policy-name pbx-deploy-1 --policy-document file://policies/deploy-1.json

Attach every deploy-… to the role that runs \`pulumi up\` and \`refresh\`. Attach take-down-… beside
them only while a stack is destroyed: it can erase logs, backups and keys. Whoever has deploy-… can
run programs as root on every machine that Systems Manager manages in this account and region.
operator is there with --instance and --logs-key; the output operatorPolicy is the same. This
command does not contact AWS. Exit code 2: an option is refused.`;

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
    .description("Prints IAM policies for those who deploy a host with Pulumi, and for those who open sessions on it.")
    .argument(
      "[folder]",
      "where to write one file for each policy; new or empty (default: print all as one JSON object)",
    )
    .requiredOption("--account <id>", "the AWS account, twelve digits")
    .requiredOption("--region <region>", "for example eu-central-1")
    .option("--stack <name>", "a Pulumi stack, without organization; again for each further one", further, [])
    .option("--project <name>", "name of the Pulumi project", "pbx")
    .option("--component <name>", "name of the AwsAsteriskHost in the program", "pbx")
    .option("--permissions-boundary <arn>", "as the argument permissionsBoundary; only roles with it can be created")
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

const further = (one: string, before: readonly string[]) => [...before, one];

type Policies = Readonly<Record<string, IamPolicy>>;

function policiesOf(options: Options): Policies {
  const { account, region, project, component, instance, logsKey, permissionsBoundary } = options;
  const owners = options.stack.map((stack): Owner => ({ project, stack, component }));
  const bounded = permissionsBoundary === undefined ? {} : { permissionsBoundary };
  const args = { account, region, owners, ...bounded };
  const [deploy, takeDown] = asRefusal(() => [deployPolicies(args), takeDownPolicies(args)] as const);
  const operator = owners.flatMap((owner) => {
    if (instance === undefined || logsKey === undefined) return [];
    const partition = "aws";
    const documentArn = `arn:${partition}:ssm:${region}:${account}:document/${physicalName(owner, "document", "session")}`;
    const session = { partition, region, accountId: account, instanceId: instance, documentArn, keyArn: logsKey };
    return [["operator", operatorPolicy(session)] as const];
  });
  const numbered = (name: string, some: readonly IamPolicy[]) =>
    some.map((one, at) => [`${name}-${at + 1}`, one] as const);
  return Object.fromEntries([...numbered("deploy", deploy), ...numbered("take-down", takeDown), ...operator]);
}

function asRefusal<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CliError(`--stack: ${error.message}; print the policies of fewer stacks at a time`, exitCode.refused);
  }
}

const wrong = (option: string, value: string | undefined, pattern: RegExp, cure: string) =>
  value === undefined || pattern.test(value) ? [] : [`--${option}: ${JSON.stringify(value)} ${cure}`];

/** What is wrong with the options; a pattern of IAM in one of them would widen every statement. */
function issuesOf(options: Options): string[] {
  const { account, region, project, component, stack, instance, logsKey } = options;
  const name = /^[A-Za-z0-9_.-]+$/;
  const key = new RegExp(`^arn:aws:kms:${region}:${account}:key/[\\w-]+$`);
  return [
    ...wrong("account", account, /^\d{12}$/, "is no account; write its twelve digits"),
    ...wrong("region", region, /^[a-z]{2}(-[a-z]+)+-\d+$/, "is no region; write for example eu-central-1"),
    ...wrong(
      "region",
      region,
      /^(?!cn-|us-gov-|us-iso)/,
      "is of a partition that the product does not support; only aws is",
    ),
    ...wrong("project", project, name, "is no name of a project; write the one of Pulumi.yaml"),
    ...(stack.length === 0 ? ["--stack: is missing; name the Pulumi stack, for example --stack dev"] : []),
    ...stack.flatMap((one) => wrong("stack", one, name, "is no name of a stack; write it without the organization")),
    ...nameIssues(component).map(({ message }) => `--component: ${message}`),
    ...boundaryIssues(options),
    ...wrong("instance", instance, /^i-[0-9a-f]+$/, "is no instance; write the output instanceId"),
    ...wrong("logs-key", logsKey, key, "is no ARN of a key of this account and region"),
    ...((instance === undefined) === (logsKey === undefined)
      ? []
      : ["--instance: needs --logs-key, and the other way round; give both or none"]),
    ...(instance !== undefined && stack.length > 1 ? ["--instance: is of one stack; give one --stack with it"] : []),
  ];
}

/** A boundary that is no policy bounds nothing, and one with a name of the stack's own could be changed by whom it bounds. */
function boundaryIssues({ permissionsBoundary, stack, project, component }: Options): string[] {
  const policy = /^arn:aws:iam::(\d{12}|aws):policy\/([\w+=,.@/-]+)$/;
  const [, , name] = policy.exec(permissionsBoundary ?? "") ?? [];
  const own = stack.some((one) => {
    const beginning = namePattern({ project, stack: one, component }, "policyPrefix").replace(/\*.*$/, "");
    return name?.startsWith(beginning) === true;
  });
  return [
    ...wrong("permissions-boundary", permissionsBoundary, policy, "is no ARN of a policy of IAM"),
    ...(own
      ? ["--permissions-boundary: is named like the stack's own policies, which may be changed; choose another name"]
      : []),
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
