import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuseLate } from "./late-refusal";
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
  /** Second field of every ARN: `aws`. */
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
  const { region } = aws.getRegionOutput({}, invoke);
  return {
    name,
    owner,
    named: (kind, suffix) => physicalName(owner, kind, suffix),
    parent,
    tags,
    deletionProtection,
    permissionsBoundary,
    partition: knownPartition(aws.getPartitionOutput({}, invoke).partition, region),
    region,
    accountId: aws.getCallerIdentityOutput({}, invoke).accountId,
  };
}

/**
 * The partition, once it is `aws`. Others have Debian's images, Amazon's agents and AWS's services under accounts, addresses and names of
 * their own (in China `amazonaws.com.cn`), none of which was tried.
 * @throws pulumi.RunError for another partition.
 */
function knownPartition(partition: pulumi.Output<string>, region: pulumi.Output<string>): pulumi.Output<string> {
  return pulumi.all([partition, region]).apply(([found, inRegion]) => {
    if (found !== "aws")
      refuseLate(
        `aws:region: ${inRegion} is in the partition ${found}${partitionNames[found] ?? ""}, which this component does not support; choose a ` +
          "region of the partition aws, for example eu-central-1, or set up a machine of your own there with AsteriskHost",
      );
    return found;
  });
}

const partitionNames: Readonly<Record<string, string>> = {
  "aws-cn": " (China)",
  "aws-us-gov": " (AWS GovCloud)",
  "aws-eusc": " (AWS European Sovereign Cloud)",
};
