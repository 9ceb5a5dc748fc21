import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Network } from "./network";
import type { AwsPart } from "./part";
import type { SecurityGroups } from "./security-groups";

/** Where the outside reaches the PBX; stays when the machine is replaced. */
export interface Address {
  readonly publicIp: pulumi.Output<string>;
  readonly interfaceId: pulumi.Output<string>;
}

/** A network interface of its own with an Elastic IP, the caller's or a new one. */
export function address(
  part: AwsPart,
  { place, groups }: { readonly place: Network; readonly groups: SecurityGroups },
  eipAllocationId?: pulumi.Input<string>,
): Address {
  const { name, parent, tags } = part;
  const face = new aws.ec2.NetworkInterface(
    `${name}-interface`,
    {
      subnetId: place.subnetId,
      securityGroups: groups.ids,
      sourceDestCheck: true,
      description: `${name}: the PBX`,
      tags: { ...tags, Name: name },
    },
    { parent },
  );
  const eip = elasticIp(part, eipAllocationId);
  new aws.ec2.EipAssociation(
    `${name}-address-of-interface`,
    { allocationId: eip.allocationId, networkInterfaceId: face.id },
    { parent },
  );
  return { publicIp: eip.publicIp, interfaceId: face.id };
}

function elasticIp({ name, parent, tags, deletionProtection }: AwsPart, given?: pulumi.Input<string>) {
  if (given !== undefined) {
    const { publicIp } = aws.ec2.getElasticIpOutput({ id: given }, { parent });
    return { allocationId: pulumi.output(given), publicIp };
  }
  const eip = new aws.ec2.Eip(
    `${name}-address`,
    { domain: "vpc", tags: { ...tags, Name: name } },
    // Carriers and phones know this address; another cannot be had back.
    { parent, protect: deletionProtection },
  );
  return { allocationId: eip.allocationId, publicIp: eip.publicIp };
}
