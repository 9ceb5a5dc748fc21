import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { PerimeterRule } from "../../core/bundle/perimeter";
import { availabilityZoneFor } from "./availability-zone";
import { flowLog } from "./flow-log";
import { defaultInstanceType } from "./instance";
import type { KmsKeys } from "./kms-keys";
import { networkAcl } from "./network-acl";
import type { AwsPart } from "./part";

/** Where the machine stands. */
export interface Network {
  readonly vpcId: pulumi.Output<string>;
  readonly subnetId: pulumi.Output<string>;
  readonly availabilityZone: pulumi.Output<string>;
}

/** A VPC of the PBX's own, or the caller's. */
export interface NetworkArgs {
  /** The caller's subnet, with a route to the internet; its VPC goes with it. */
  readonly subnetId?: pulumi.Input<string> | undefined;
  readonly vpcId?: pulumi.Input<string> | undefined;
  /** Addresses of the own VPC in CIDR form. Default: `10.80.0.0/24`. */
  readonly vpcCidr?: string | undefined;
  /** Availability zone of the own subnet. Default: the first that offers the instance type when the subnet is made; it stays. */
  readonly availabilityZone?: string | undefined;
  /** Days that the flow log is kept. Default: 365. */
  readonly logRetentionDays?: number | undefined;
  /** Instance type that the availability zone has to offer. Default: `t3.small`. */
  readonly instanceType?: string | undefined;
}

/** Default of `vpcCidr`. */
export const defaultVpcCidr = "10.80.0.0/24";

/** The caller's network as it is, or one that holds this machine alone and in which nothing is open by default. */
export function network(
  part: AwsPart,
  args: NetworkArgs,
  { keys, perimeter }: { readonly keys: KmsKeys; readonly perimeter: readonly PerimeterRule[] },
): Network {
  const { vpcId, subnetId, vpcCidr = defaultVpcCidr } = args;
  if (vpcId !== undefined && subnetId !== undefined) return givenNetwork(part, vpcId, subnetId);
  const { name, parent, tags } = part;
  const vpc = new aws.ec2.Vpc(
    `${name}-vpc`,
    { cidrBlock: vpcCidr, enableDnsSupport: true, enableDnsHostnames: true, tags: { ...tags, Name: name } },
    { parent },
  );
  // What every VPC is born with lets its members reach each other; nothing here uses it.
  new aws.ec2.DefaultSecurityGroup(
    `${name}-default-group`,
    { vpcId: vpc.id, ingress: [], egress: [], tags: { ...tags, Name: `${name}-unused` } },
    { parent },
  );
  const subnet = ownSubnet(part, vpc, args);
  routeToInternet(part, vpc, subnet);
  networkAcl(part, { vpcId: vpc.id, subnetId: subnet.id }, perimeter);
  flowLog(part, vpc.id, { keys, retentionDays: args.logRetentionDays });
  return { vpcId: vpc.id, subnetId: subnet.id, availabilityZone: subnet.availabilityZone };
}

function ownSubnet(part: AwsPart, vpc: aws.ec2.Vpc, args: NetworkArgs): aws.ec2.Subnet {
  const { name, parent, tags } = part;
  const { vpcCidr = defaultVpcCidr, availabilityZone: given, instanceType = defaultInstanceType } = args;
  return new aws.ec2.Subnet(
    `${name}-subnet`,
    {
      vpcId: vpc.id,
      cidrBlock: `${vpcCidr.split("/")[0] ?? ""}/28`,
      mapPublicIpOnLaunch: false,
      availabilityZone: given ?? availabilityZoneFor(part, instanceType),
      tags: { ...tags, Name: name },
    },
    // What EC2 offers changes, and another zone would replace the subnet and with it the data volume.
    { parent, ignoreChanges: given === undefined ? ["availabilityZone"] : [] },
  );
}

function givenNetwork({ parent }: AwsPart, vpcId: pulumi.Input<string>, subnetId: pulumi.Input<string>): Network {
  const subnet = aws.ec2.getSubnetOutput({ id: subnetId, vpcId }, { parent });
  return { vpcId: pulumi.output(vpcId), subnetId: subnet.id, availabilityZone: subnet.availabilityZone };
}

function routeToInternet({ name, parent, tags }: AwsPart, vpc: aws.ec2.Vpc, subnet: aws.ec2.Subnet): void {
  const gateway = new aws.ec2.InternetGateway(`${name}-gateway`, { vpcId: vpc.id, tags }, { parent });
  const table = new aws.ec2.RouteTable(`${name}-routes`, { vpcId: vpc.id, tags }, { parent });
  new aws.ec2.Route(
    `${name}-route`,
    { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
    { parent },
  );
  new aws.ec2.RouteTableAssociation(
    `${name}-subnet-routes`,
    { subnetId: subnet.id, routeTableId: table.id },
    { parent },
  );
}
