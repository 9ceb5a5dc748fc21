import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { AwsPart } from "./part";
import { policyDocument, type PolicyStatement, type ResourceStatement } from "./policy-statement";

/** What a role can be referred to by, and what must exist before it can do its work. */
export interface ServiceRole {
  readonly arn: pulumi.Output<string>;
  readonly permitted: pulumi.Resource;
}

/** A role that a service of AWS takes on. */
export interface ServiceRoleArgs {
  /** For example `backup`; the role is `${name}-backup-role`. */
  readonly suffix: string;
  /** For example `backup.amazonaws.com`. */
  readonly service: pulumi.Input<string>;
  /** When the service may take it on. Default: on behalf of a resource of this account. */
  readonly condition?: Readonly<Record<string, Readonly<Record<string, pulumi.Input<string>>>>>;
  /** What it does, for people. */
  readonly purpose: string;
  readonly statements: readonly PolicyStatement[];
}

/** A role that one service may take on for this account's resources alone, with one policy of our own. */
export function serviceRole(part: AwsPart, args: ServiceRoleArgs): ServiceRole {
  const { suffix, service, purpose, statements } = args;
  const { name, parent, tags, accountId, permissionsBoundary } = part;
  const description = `${name}: ${purpose}`;
  const trust: ResourceStatement = {
    Effect: "Allow",
    Principal: { Service: service },
    Action: "sts:AssumeRole",
    Condition: args.condition ?? { StringEquals: { "aws:SourceAccount": accountId } },
  };
  const assumeRolePolicy = policyDocument([trust]);
  const role = new aws.iam.Role(
    `${name}-${suffix}-role`,
    { name: part.named("role", suffix), description, assumeRolePolicy, permissionsBoundary, tags },
    { parent },
  );
  const policy = new aws.iam.Policy(
    `${name}-${suffix}-policy`,
    { namePrefix: part.named("policyPrefix", suffix), description, policy: policyDocument(statements), tags },
    { parent },
  );
  const permitted = new aws.iam.RolePolicyAttachment(
    `${name}-${suffix}-role-policy`,
    { role: role.name, policyArn: policy.arn },
    { parent },
  );
  return { arn: role.arn, permitted };
}
