import { evidenceActions } from "./deploy-actions/evidence";
import type { Circumstance, DeployActions, DeployedKind, DeployGrant } from "./deploy-actions/grant";
import { identityActions } from "./deploy-actions/identity";
import { machineActions } from "./deploy-actions/machine";
import { networkActions } from "./deploy-actions/network";
import { storageActions } from "./deploy-actions/storage";
import { deployedArns, type DeployPlace } from "./deployed-arns";
import type { Owner } from "./physical-names";

/** What `up`, `refresh` and `destroy` need, by type. */
export const deployActions: DeployActions = {
  ...networkActions,
  ...machineActions,
  ...storageActions,
  ...identityActions,
  ...evidenceActions,
};

/** Whose stacks somebody may deploy, and where. */
export interface DeployPolicyArgs extends DeployPlace {
  readonly owners: readonly Owner[];
  /** ARN of the policy that bounds every role, as in `permissionsBoundary`. Default: none, and then the policies let their holder make a role that may do anything. */
  readonly permissionsBoundary?: string;
}

/** One thing that an identity may do. */
export interface IamStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A policy of IAM. */
export interface IamPolicy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly IamStatement[];
}

/** Most characters of one managed policy, white space aside (IAM User Guide, "IAM and AWS STS quotas"). */
export const longestPolicy = 6144;

/** Most managed policies that a role takes unless its quota is raised (the same page). */
export const mostPolicies = 10;

/**
 * Policies that together let somebody create, change and replace all that an `AwsAsteriskHost` makes, each of at most
 * {@link longestPolicy} characters. What erases logs, backups and keys is not among it: {@link takeDownPolicies}.
 * @throws RangeError when the resources of all owners do not fit into {@link mostPolicies}.
 */
export function deployPolicies(args: DeployPolicyArgs): IamPolicy[] {
  return fitted(statements(args, ({ when }) => when !== "takeDown"));
}

/**
 * Policies that `destroy` needs beside {@link deployPolicies}: whoever has them can erase the locked archive, logs, backups and keys.
 * @throws RangeError as {@link deployPolicies}.
 */
export function takeDownPolicies(args: DeployPolicyArgs): IamPolicy[] {
  return fitted(statements(args, ({ when }) => when === "takeDown"));
}

function fitted(all: readonly IamStatement[]): IamPolicy[] {
  const policies: IamStatement[][] = [];
  for (const statement of [...all].sort((a, b) => size([b]) - size([a]))) {
    const room = policies.find((one) => size([...one, statement]) <= longestPolicy);
    if (room !== undefined) room.push(statement);
    else policies.push([statement]);
  }
  if (policies.length > mostPolicies || policies.some((one) => size(one) > longestPolicy))
    throw new RangeError("so many stacks do not fit into the policies that a role takes");
  return policies.map(policyOf);
}

const policyOf = (Statement: readonly IamStatement[]): IamPolicy => ({ Version: "2012-10-17", Statement });
const size = (some: readonly IamStatement[]) => JSON.stringify(policyOf(some)).length;

/** One statement for each kind of resource and circumstance. */
function statements(args: DeployPolicyArgs, wanted: (one: DeployGrant) => boolean): IamStatement[] {
  const actions = new Map<string, Set<string>>();
  for (const one of Object.values(deployActions).flat().filter(wanted)) {
    const key = groupOf(one, args);
    if (key === undefined) continue;
    const known = actions.get(key) ?? new Set();
    actions.set(key, known);
    for (const action of one.actions) known.add(`${one.service}:${action}`);
  }
  return [...actions].map(([key, some]) => {
    const [kind, when] = key.split(" ") as [DeployedKind, Circumstance?];
    const condition = when === undefined ? undefined : conditionOf(when, args);
    return {
      Sid: capital(kind) + capital(when ?? ""),
      Effect: "Allow",
      Action: [...some].sort(),
      Resource: [...new Set(args.owners.flatMap((owner) => deployedArns(kind, args, owner)))],
      ...(condition === undefined ? {} : { Condition: condition }),
    };
  });
}

/** Kind and circumstance of a grant; a boundary that is not said leaves no circumstance, and one that is said drops what would lift it. */
function groupOf({ on, when }: DeployGrant, { permissionsBoundary }: DeployPolicyArgs): string | undefined {
  const bounding = when === "boundary" || when === "noBoundary";
  if (permissionsBoundary === undefined && bounding) return on;
  if (when === "noBoundary") return undefined;
  return when === undefined || when === "takeDown" ? on : `${on} ${when}`;
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);

/** Services that take on a role of ours. */
const roleServices = ["backup", "ec2", "firehose", "logs", "vpc-flow-logs"];
/** Services that use a key in the name of who runs `up`. */
const keyServices = ["backup", "ec2", "firehose", "s3", "secretsmanager"];

function conditionOf(
  when: Circumstance,
  { region, permissionsBoundary = "" }: DeployPolicyArgs,
): IamStatement["Condition"] {
  if (when === "grantForAws") return { Bool: { "kms:GrantIsForAWSResource": "true" } };
  if (when === "boundary") return { StringEquals: { "iam:PermissionsBoundary": permissionsBoundary } };
  if (when === "throughService")
    return { StringEquals: { "kms:ViaService": keyServices.map((one) => `${one}.${region}.amazonaws.com`) } };
  const services = [...roleServices.map((one) => `${one}.amazonaws.com`), `logs.${region}.amazonaws.com`];
  return { StringEquals: { "iam:PassedToService": services } };
}
