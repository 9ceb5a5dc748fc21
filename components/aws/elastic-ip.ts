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
  const free = pulumi.output(allocationId).apply((id) => lookUp(part, id));
  return { allocationId: free.id, publicIp: free.publicIp };
}

function lookUp(part: AwsPart, id: string): pulumi.Output<{ id: string; publicIp: string }> {
  const invoke = { parent: part.parent };
  const address = aws.ec2.getElasticIpOutput({ id }, invoke);
  // The provider leaves out what AWS does not tell, whatever its schema says.
  const tags = address.networkInterfaceId.apply((face: string | undefined) =>
    face === undefined || face === "" ? undefined : aws.ec2.getNetworkInterfaceOutput({ id: face }, invoke).tags,
  );
  return pulumi.all([address, tags]).apply(([found, ofFace]) => {
    if (found.networkInterfaceId && ofFace?.[ownerTag] !== namePath(part.owner)) refuseLate(inUse(id, found));
    return { id, publicIp: found.publicIp };
  });
}

function inUse(id: string, { instanceId, networkInterfaceId, associationId }: aws.ec2.GetElasticIpResult): string {
  const other = instanceId ? `instance ${instanceId}` : `network interface ${networkInterfaceId}`;
  return (
    `eipAllocationId: ${id} serves ${other}, which is not of this stack and would lose its address; give another address, leave ` +
    `eipAllocationId out for a new one, or release it first with \`aws ec2 disassociate-address --association-id ${associationId}\``
  );
}
