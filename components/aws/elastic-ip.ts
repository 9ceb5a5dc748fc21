import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuseLate } from "./late-refusal";
import type { AwsPart } from "./part";
import { namePath } from "./physical-names";

/** An Elastic IP, by what it is associated with and reached at. */
export interface ElasticIp {
  readonly allocationId: pulumi.Output<string>;
  readonly publicIp: pulumi.Output<string>;
}

/** Key of the network interface's tag whose value is the folder of its owner's names: it tells our interface from those of other stacks. */
export const ownerTag = "hardened-asterisk:owner";

/** Makes an Elastic IP that refuses to be deleted. */
export function newElasticIp({ name, parent, tags, deletionProtection }: AwsPart): ElasticIp {
  const eip = new aws.ec2.Eip(
    `${name}-address`,
    { domain: "vpc", tags: { ...tags, Name: name } },
    // Carriers and phones know this address; another cannot be had back.
    { parent, protect: deletionProtection },
  );
  return { allocationId: eip.allocationId, publicIp: eip.publicIp };
}

/**
 * Looks up an Elastic IP of the caller's. One that is associated with nothing, or with this component's own interface, passes.
 * @throws pulumi.RunError for one that is associated with another interface: EC2 would take the address away from what it serves there.
 */
export function callersElasticIp(part: AwsPart, allocationId: pulumi.Input<string>): ElasticIp {
  const free = pulumi
    .output(allocationId)
    .apply((id) => foundElasticIp(part, id))
    .apply(({ fault, ...found }) => {
      if (fault !== undefined) refuseLate(fault);
      return found;
    });
  return { allocationId: free.id, publicIp: free.publicIp };
}

/** An Elastic IP of the caller's, and why this component may not take it. */
export interface FoundElasticIp {
  /** Allocation id. */
  readonly id: string;
  readonly publicIp: string;
  /** With the cures; undefined if the component may take the address. */
  readonly fault: string | undefined;
}

/** Asks EC2 for an Elastic IP, and for the network interface that it is associated with. */
export function foundElasticIp(part: AwsPart, id: string): pulumi.Output<FoundElasticIp> {
  const invoke = { parent: part.parent };
  const address = aws.ec2.getElasticIpOutput({ id }, invoke);
  // The provider leaves out what AWS does not tell, whatever its schema says.
  const tags = address.networkInterfaceId.apply((face: string | undefined) =>
    face === undefined || face === "" ? undefined : aws.ec2.getNetworkInterfaceOutput({ id: face }, invoke).tags,
  );
  return pulumi.all([address, tags]).apply(([found, ofFace]) => {
    const [own, owner] = [namePath(part.owner), ofFace?.[ownerTag]];
    const serves = found.networkInterfaceId && owner !== own;
    return {
      id,
      publicIp: found.publicIp,
      fault: serves ? inUse(found, owner === undefined ? own : undefined) : undefined,
    };
  });
}

/** What is said of an address in use. `untagged` is this component's owner tag if the interface has no owner, and may be its own. */
function inUse(found: aws.ec2.GetElasticIpResult, untagged: string | undefined): string {
  const { id, instanceId, networkInterfaceId, associationId } = found;
  const [what, other] = instanceId
    ? ["machine", `instance ${instanceId}`]
    : ["network interface", `network interface ${networkInterfaceId}`];
  const tag =
    untagged === undefined
      ? ""
      : `if that ${what} is this stack's own, made before its interface had the tag ${ownerTag}, add the tag with \`aws ec2 create-tags ` +
        `--resources ${networkInterfaceId} --tags Key=${ownerTag},Value=${untagged}\`; else `;
  return (
    `eipAllocationId: ${id} serves ${other}, which is not known to be of this stack and would lose its address; ${tag}give another ` +
    "address, leave eipAllocationId out for a new one, or disassociate it, which takes what it serves offline, with " +
    `\`aws ec2 disassociate-address --association-id ${associationId}\``
  );
}
