import * as pulumi from "@pulumi/pulumi";
import { perimeterRules } from "../../core/bundle/perimeter";
import { ssmAgentPackage } from "./agent-packages";
import { architectureOf } from "./architecture";
import type { AwsAsteriskHostArgs } from "./asterisk-host-args";
import { awsProfile } from "./aws-profile";
import { watch } from "./evidence";
import { ground } from "./ground";
import { defaultInstanceType, instance, type InstanceArgs } from "./instance";
import { instanceRole } from "./instance-role";
import { logStatements } from "./log-statements";
import { machineImage } from "./machine-image";
import { awsPart, type AwsPart } from "./part";
import { recoveryAlarms } from "./recovery-alarms";
import { session } from "./session";
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
    const profile = awsProfile(name, args, (warning) => void pulumi.log.warn(warning, this), new Date());
    const part = awsPart(name, this, args.tags ?? {}, args);
    const base = ground(part, args, perimeterRules(profile));
    const shell = session(part, { keyArn: base.keys.logs.arn, logGroup: base.sessions });
    const { instanceProfile } = instanceRole(part, {
      statements: [...shell.statements, ...logStatements(base.evidence.groups)],
      documents: [shell.document.arn],
    });
    const machine = instance(part, machineArgs(part, args, instanceProfile.name), base);
    recoveryAlarms(part, machine, [base.evidence.notifications.topicArn]);
    const seen = watch(part, base.evidence, args, {
      profile,
      instanceId: machine.id,
      instanceType: args.instanceType ?? defaultInstanceType,
      sessionLogGroup: base.sessions.name,
    });

    this.address = base.address.publicIp;
    this.instanceId = machine.id;
    this.dashboardUrl = seen.dashboardUrl;
    this.vpcId = base.place.vpcId;
    this.subnetId = base.place.subnetId;
    this.securityGroupIds = base.groups.ids;
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
