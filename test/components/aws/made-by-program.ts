import * as pulumi from "@pulumi/pulumi";
import type { Made } from "../../../controls/cloud/cloud-control";
import { ManagedHost } from "../../../tools/engine/stand-in/aws/managed-host";
import { ASSOCIATION } from "../../../tools/engine/stand-in/aws/simulation";

/** Answers of the provider to questions, by their token. */
export type Answers = Readonly<Record<string, (inputs: Record<string, unknown>) => Record<string, unknown>>>;

const region = "eu-central-1";
const accountId = "123456789012";

const usual: Answers = {
  "aws:index/getPartition:getPartition": () => ({ partition: "aws", id: "aws", dnsSuffix: "amazonaws.com" }),
  "aws:index/getRegion:getRegion": () => ({ region, id: region, name: region }),
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({ accountId, id: accountId, arn: "arn:aws:iam::1:root" }),
  "aws:ec2/getAmi:getAmi": ({ filters }) => ({ id: "ami-newest", architecture: "x86_64", filters }),
  "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": (inputs) => ({
    ...inputs,
    locations: ["eu-central-1b", "eu-central-1a"],
  }),
  "aws:ec2/getInstanceType:getInstanceType": (inputs) => ({ ...inputs, ebsOptimizedSupport: "default" }),
  "aws:ec2/getElasticIp:getElasticIp": ({ id }) => ({ id, publicIp: "203.0.113.7" }),
  "aws:ec2/getSubnet:getSubnet": ({ id }) => ({ id, availabilityZone: "eu-central-1c" }),
};

/** The bucket, as a machine has left it. */
const bucketOf = (host: ManagedHost): Answers => ({
  "aws:s3/getObjects:getObjects": ({ prefix }) => ({ keys: host.keys(String(prefix)) }),
  "aws:s3/getObject:getObject": ({ bucket, key }) => ({ body: host.object(String(bucket), String(key)) }),
});

/** What the provider fills in. */
const computedOf: Readonly<Record<string, Record<string, unknown>>> = {
  "aws:ec2/eip:Eip": { publicIp: "203.0.113.99", allocationId: "eipalloc-made" },
  "aws:ec2/networkInterface:NetworkInterface": { privateIp: "10.80.0.5" },
  "aws:ec2/subnet:Subnet": { availabilityZone: "eu-central-1b" },
  "aws:ssm/association:Association": { associationId: "01234567-89ab-cdef-0123-456789abcdef" },
  "aws:secretsmanager/secretVersion:SecretVersion": { versionId: "01234567-89ab-cdef-0123-456789abcdef" },
};

/** How a program is run. */
export interface ProgramOptions {
  readonly answers?: Answers;
  readonly arnOf?: (name: string) => string;
  /** The machine that answers an association. Default: one that is in order. */
  readonly host?: ManagedHost;
  readonly preview?: boolean;
  /** Name of the Pulumi project. Default: `project`. */
  readonly project?: string;
  /** Name of the stack. Default: `stack`. */
  readonly stack?: string;
}

/** ARN of a resource by its name, unless a test says another. */
const usualArn = (name: string) => `arn:aws:x:${region}:${accountId}:${name}`;

/**
 * Runs a program against a provider that makes whatever it is asked for; gives what it was asked for, in no order. A secret
 * among the inputs stays marked as one. An output that the program gives is waited for.
 */
export async function madeBy(
  program: () => unknown,
  {
    answers = {},
    arnOf = usualArn,
    host = new ManagedHost(),
    preview = false,
    project = "project",
    stack = "stack",
  }: ProgramOptions = {},
): Promise<readonly Made[]> {
  const made: Made[] = [];
  const inBucket = bucketOf(host);
  const mocks: pulumi.runtime.Mocks = {
    newResource: ({ type, name, inputs }) => {
      const plain = inputs as Record<string, unknown>;
      const computed = { arn: arnOf(name), name, ...computedOf[type] };
      const id = `${name}-id`;
      if (type === ASSOCIATION) host.order(plain);
      if (type.startsWith("aws:")) made.push({ type, name, inputs: plain, outputs: { id, ...computed } });
      return { id, state: { ...computed, ...plain } };
    },
    call: ({ token, inputs }) => {
      const answer = { ...usual, ...inBucket, ...answers }[token];
      if (answer === undefined) throw new Error(`nobody answers ${token}`);
      return answer(inputs as Record<string, unknown>);
    },
  };
  await pulumi.runtime.setMocks(mocks, project, stack, preview);
  const given = program();
  // Waits for everything that was asked for.
  await pulumi.runtime.disconnect();
  if (pulumi.Output.isInstance(given)) await settled(given);
  return made;
}

/** What an output comes to: its value, undefined while it is unknown, or the error that it ended with. */
export const settled = (output: pulumi.Output<unknown>): Promise<unknown> =>
  (output as unknown as { promise: () => Promise<unknown> }).promise().catch((error: unknown) => error);

/** Those of one type, for example `ec2/vpc:Vpc`. */
export function ofType(made: readonly Made[], type: string): Made[] {
  return made.filter((resource) => resource.type === `aws:${type}`);
}
