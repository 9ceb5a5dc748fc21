import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** What every part of one {@link AwsAsteriskHost} is made with. */
export interface AwsPart {
  /** Name of the component; its children are `${name}-suffix`. */
  readonly name: string;
  /** The component: parent of every resource. */
  readonly parent: pulumi.Resource;
  /** Tags of every resource that takes some. */
  readonly tags: Readonly<Record<string, string>>;
  /** For example `aws`, or `aws-cn`: second field of every ARN. */
  readonly partition: pulumi.Output<string>;
  readonly region: pulumi.Output<string>;
  readonly accountId: pulumi.Output<string>;
}

/** Asks the provider that `parent` was given for its partition, region and account. */
export function awsPart(name: string, parent: pulumi.Resource, tags: Readonly<Record<string, string>>): AwsPart {
  const invoke = { parent };
  return {
    name,
    parent,
    tags,
    partition: aws.getPartitionOutput({}, invoke).partition,
    region: aws.getRegionOutput({}, invoke).region,
    accountId: aws.getCallerIdentityOutput({}, invoke).accountId,
  };
}
