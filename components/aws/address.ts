import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { callersElasticIp, newElasticIp, ownerTag } from "./elastic-ip";
import type { Network } from "./network";
import type { AwsPart } from "./part";
import { namePath } from "./physical-names";
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
      tags: { ...tags, Name: name, [ownerTag]: namePath(part.owner) },
    },
    { parent },
  );
  const eip = eipAllocationId === undefined ? newElasticIp(part) : callersElasticIp(part, eipAllocationId);
  new aws.ec2.EipAssociation(
    `${name}-address-of-interface`,
    { allocationId: eip.allocationId, networkInterfaceId: face.id },
    { parent },
  );
  return { publicIp: eip.publicIp, interfaceId: face.id };
}
