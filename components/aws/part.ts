import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName, type NamedKind, type Owner } from "./physical-names";

/** What every part of one {@link AwsAsteriskHost} is made with. */
export interface AwsPart {
  /** Name of the component; its children are `${name}-suffix`. */
  readonly name: string;
  /** Whose resources they are; with {@link AwsPart.named} it gives each its physical name. */
  readonly owner: Owner;
  /** Physical name of a resource: {@link physicalName} of this owner. */
  readonly named: (kind: NamedKind, suffix?: string) => string;
  /** The component: parent of every resource. */
  readonly parent: pulumi.Resource;
  /** Tags of every resource that takes some. */
  readonly tags: Readonly<Record<string, string>>;
  /** Whether data volume, its backups, address, keys, log groups and archive refuse to be deleted. */
  readonly deletionProtection: boolean;
  /** ARN of the policy that bounds every role. */
  readonly permissionsBoundary: pulumi.Input<string> | undefined;
  /** For example `aws`, or `aws-cn`: second field of every ARN. */
  readonly partition: pulumi.Output<string>;
  readonly region: pulumi.Output<string>;
  readonly accountId: pulumi.Output<string>;
}

/** What the caller may decide for all parts. */
export interface AwsPartOptions {
  /** Default: true. */
  readonly deletionProtection?: boolean | undefined;
  /** Default: none. */
  readonly permissionsBoundary?: pulumi.Input<string> | undefined;
}

/** Owner of the resources of a component of this stack. */
export function ownerOf(component: string): Owner {
  return { project: pulumi.getProject(), stack: pulumi.getStack(), component };
}

/** Asks the provider that `parent` was given for its partition, region and account. */
export function awsPart(
  name: string,
  parent: pulumi.Resource,
  tags: Readonly<Record<string, string>>,
  { deletionProtection = true, permissionsBoundary }: AwsPartOptions = {},
): AwsPart {
  const invoke = { parent };
  const owner = ownerOf(name);
  return {
    name,
    owner,
    named: (kind, suffix) => physicalName(owner, kind, suffix),
    parent,
    tags,
    deletionProtection,
    permissionsBoundary,
    partition: aws.getPartitionOutput({}, invoke).partition,
    region: aws.getRegionOutput({}, invoke).region,
    accountId: aws.getCallerIdentityOutput({}, invoke).accountId,
  };
}
