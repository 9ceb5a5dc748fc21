import * as pulumi from "@pulumi/pulumi";
import { perimeterRules } from "../../core/bundle/perimeter";
import { address } from "./address";
import type { AwsAsteriskHostArgs } from "./asterisk-host-args";
import { awsProfile } from "./aws-profile";
import { backup } from "./backup";
import { dataVolume } from "./data-volume";
import { kmsKeys } from "./kms-keys";
import { network } from "./network";
import { awsPart } from "./part";
import { securityGroupPlan } from "./security-group-plan";
import { securityGroups } from "./security-groups";

/** A hardened Asterisk PBX on AWS: the machine, its network and its evidence, on which nobody can log in over SSH. */
export class AwsAsteriskHost extends pulumi.ComponentResource {
  /** Where the outside reaches the PBX. */
  public readonly address: pulumi.Output<string>;
  /** The VPC it stands in. */
  public readonly vpcId: pulumi.Output<string>;
  /** The subnet it stands in. */
  public readonly subnetId: pulumi.Output<string>;
  /** Groups of its one network interface: signalling, media and phones; rules of yours may be added. */
  public readonly securityGroupIds: pulumi.Output<string>[];

  /** @throws pulumi.RunError listing everything that is wrong with `args`. */
  constructor(name: string, args: AwsAsteriskHostArgs, opts?: pulumi.ComponentResourceOptions) {
    super("hardened-asterisk:index:AwsAsteriskHost", name, {}, opts);
    const profile = awsProfile(args, (warning) => void pulumi.log.warn(warning, this), new Date());
    const perimeter = perimeterRules(profile);
    const part = awsPart(name, this, args.tags ?? {}, args);

    const keys = kmsKeys(part, args.kmsKeyArn);
    const place = network(part, args, { keys, perimeter });
    const groups = securityGroups(part, place.vpcId, securityGroupPlan(perimeter));
    const face = address(part, { place, groups }, args.eipAllocationId);
    const volume = dataVolume(part, { place, keys }, args.dataGigabytes);
    backup(part, volume, keys);

    this.address = face.publicIp;
    this.vpcId = place.vpcId;
    this.subnetId = place.subnetId;
    this.securityGroupIds = groups.ids;
    this.registerOutputs({
      address: this.address,
      vpcId: this.vpcId,
      subnetId: this.subnetId,
      securityGroupIds: this.securityGroupIds,
    });
  }
}
