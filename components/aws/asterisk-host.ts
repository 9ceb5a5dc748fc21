import * as pulumi from "@pulumi/pulumi";
import { perimeterRules } from "../../core/bundle/perimeter";
import { address } from "./address";
import { ssmAgentPackage } from "./agent-packages";
import { architectureOf } from "./architecture";
import type { AwsAsteriskHostArgs } from "./asterisk-host-args";
import { awsProfile } from "./aws-profile";
import { backup } from "./backup";
import { dataVolume } from "./data-volume";
import { evidence, watch } from "./evidence";
import { defaultInstanceType, instance, type InstanceArgs } from "./instance";
import { instanceRole } from "./instance-role";
import { kmsKeys } from "./kms-keys";
import { logStatements } from "./log-statements";
import { machineImage } from "./machine-image";
import { network } from "./network";
import { awsPart, type AwsPart } from "./part";
import { recoveryAlarms } from "./recovery-alarms";
import { securityGroupPlan } from "./security-group-plan";
import { securityGroups } from "./security-groups";
import { session } from "./session";
import { sessionLog } from "./session-log";
import { userData } from "./user-data";

/** A hardened Asterisk PBX on AWS: the machine, its network and its evidence, on which nobody can log in over SSH. */
export class AwsAsteriskHost extends pulumi.ComponentResource {
  /** Where the outside reaches the PBX. */
  public readonly address: pulumi.Output<string>;
  public readonly instanceId: pulumi.Output<string>;
  /** Page of CloudWatch that shows calls, attacks and the machine. */
  public readonly dashboardUrl: pulumi.Output<string>;
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
    const kept = evidence(part, keys.logs.arn, args);
    const sessions = sessionLog(part, keys);
    const shell = session(part, { keyArn: keys.logs.arn, logGroup: sessions });
    const { instanceProfile } = instanceRole(part, {
      statements: [...shell.statements, ...logStatements(kept.groups)],
      documents: [shell.document.arn],
    });
    const instanceType = args.instanceType ?? defaultInstanceType;
    const machine = instance(part, machineArgs(part, args, instanceProfile.name), { address: face, volume, keys });
    recoveryAlarms(part, machine, [kept.notifications.topicArn]);
    const seen = watch(part, kept, args, {
      profile,
      instanceId: machine.id,
      instanceType,
      sessionLogGroup: sessions.name,
    });

    this.address = face.publicIp;
    this.instanceId = machine.id;
    this.dashboardUrl = seen.dashboardUrl;
    this.vpcId = place.vpcId;
    this.subnetId = place.subnetId;
    this.securityGroupIds = groups.ids;
    this.registerOutputs({
      address: this.address,
      instanceId: this.instanceId,
      dashboardUrl: this.dashboardUrl,
      vpcId: this.vpcId,
      subnetId: this.subnetId,
      securityGroupIds: this.securityGroupIds,
    });
  }
}

function machineArgs(part: AwsPart, args: AwsAsteriskHostArgs, instanceProfile: pulumi.Input<string>): InstanceArgs {
  const { instanceType = defaultInstanceType, generation = 1, amiId } = args;
  const architecture = architectureOf(instanceType) ?? "amd64";
  return {
    instanceType,
    generation,
    instanceProfile,
    image: machineImage(part, architecture, amiId),
    imageGiven: amiId !== undefined,
    userDataBase64: Buffer.from(userData(ssmAgentPackage[architecture])).toString("base64"),
  };
}
