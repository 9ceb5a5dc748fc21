import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AwsPart } from "./part";
import { policyDocument, type PolicyStatement } from "./policy-statement";

/** What decides what the host may do at AWS. */
export interface InstanceRoleArgs {
  /** What each part of the host needs. */
  readonly statements: readonly PolicyStatement[];
  /** ARNs of the documents of Systems Manager that are for this host. */
  readonly documents: readonly pulumi.Input<string>[];
}

/** The host's identity at AWS. */
export interface InstanceRole {
  readonly role: aws.iam.Role;
  /** There only once the role may do all it has to: an instance that names it boots with its rights. */
  readonly instanceProfile: aws.iam.InstanceProfile;
}

/**
 * A role with policies of our own. AWS's ready-made AmazonSSMManagedInstanceCore would let the host read every parameter of the
 * account.
 */
export function instanceRole(part: AwsPart, args: InstanceRoleArgs): InstanceRole {
  const { name, parent, tags } = part;
  const role = new aws.iam.Role(
    `${name}-host`,
    {
      name: part.named("role", "host"),
      description: `${name}: what the host may do`,
      assumeRolePolicy: policyDocument([
        { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
      ]),
      tags,
      permissionsBoundary: part.permissionsBoundary,
    },
    { parent },
  );
  const attached = [
    attach(part, role, "managed", "be managed by Systems Manager", managed(part, args.documents)),
    attach(part, role, "work", "fetch its configuration and leave its logs", args.statements),
  ];
  const instanceProfile = new aws.iam.InstanceProfile(
    `${name}-host-profile`,
    { name: part.named("instanceProfile"), role: role.name, tags },
    { parent, dependsOn: attached },
  );
  return { role, instanceProfile };
}

function attach(
  { name, parent, tags, named }: AwsPart,
  role: aws.iam.Role,
  suffix: string,
  purpose: string,
  statements: readonly PolicyStatement[],
): pulumi.Resource {
  const policy = new aws.iam.Policy(
    `${name}-host-${suffix}-policy`,
    {
      namePrefix: named("policyPrefix", `host-${suffix}`),
      description: `${name}: lets the host ${purpose}`,
      policy: policyDocument(statements),
      tags,
    },
    { parent },
  );
  return new aws.iam.RolePolicyAttachment(
    `${name}-host-${suffix}`,
    { role: role.name, policyArn: policy.arn },
    { parent },
  );
}

/** What the agent of Systems Manager asks for to run associations and sessions (its own role, less what reads parameters). */
function managed(
  { partition, region, accountId }: AwsPart,
  documents: readonly pulumi.Input<string>[],
): PolicyStatement[] {
  const instances = pulumi.interpolate`arn:${partition}:ec2:${region}:${accountId}:instance/*`;
  const associations = pulumi.interpolate`arn:${partition}:ssm:${region}:${accountId}:association/*`;
  return [
    {
      Sid: "Instance",
      Effect: "Allow",
      Action: [
        "ssm:UpdateInstanceInformation",
        "ssm:ListInstanceAssociations",
        "ssm:PutInventory",
        "ssm:PutComplianceItems",
        "ssm:UpdateInstanceAssociationStatus",
      ],
      Resource: instances,
    },
    {
      Sid: "Association",
      Effect: "Allow",
      Action: ["ssm:DescribeAssociation", "ssm:UpdateAssociationStatus", "ssm:UpdateInstanceAssociationStatus"],
      Resource: [associations, instances, ...documents],
    },
    { Sid: "Documents", Effect: "Allow", Action: ["ssm:GetDocument", "ssm:DescribeDocument"], Resource: documents },
    {
      Sid: "Channels",
      Effect: "Allow",
      Action: [
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ],
      // These know no resources (Service Authorization Reference).
      Resource: "*",
    },
  ];
}
