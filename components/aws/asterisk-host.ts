import * as pulumi from "@pulumi/pulumi";
import { logGroupName } from "../../core/bundle/log-streams";
import { perimeterRules } from "../../core/bundle/perimeter";
import { canonicalBundle, renderBundle } from "../../core/bundle/render-bundle";
import type { PbxProfile } from "../../core/profile/profile";
import type { PhoneCard } from "../asterisk-host-args";
import type { HostReceipt } from "../host-receipt";
import { warnOfNewMasterSecret } from "../master-secret";
import { phoneCards } from "../phone-cards";
import { readTemplates } from "../read-templates";
import { ssmAgentPackage } from "./agent-packages";
import { architectureOf } from "./architecture";
import { artifactBucket } from "./artifact-bucket";
import type { AwsAsteriskHostArgs } from "./asterisk-host-args";
import { awsProfile } from "./aws-profile";
import { deliveryAssociation, type DeliveryArgs } from "./delivery-association";
import { deliveryDocument } from "./delivery-document";
import { watch } from "./evidence";
import { ground, type Ground } from "./ground";
import { hostValues } from "./host-values";
import { defaultInstanceType, instance, type Instance, type InstanceArgs } from "./instance";
import { instanceRole } from "./instance-role";
import { secretsKey } from "./kms-keys";
import { logStatements } from "./log-statements";
import { machineImage } from "./machine-image";
import { chosen } from "./chosen";
import { monthlyCost, type MonthlyCost } from "./monthly-cost";
import { awsPart, type AwsPart } from "./part";
import { recoveryAlarms } from "./recovery-alarms";
import { callersSecret, hostSecret, type HostSecret } from "./secrets";
import { session, type Session } from "./session";
import { sessionAccess } from "./session-access";
import { userData } from "./user-data";

/** A hardened Asterisk PBX on AWS: the machine, its network and its evidence, on which nobody can log in over SSH. */
export class AwsAsteriskHost extends pulumi.ComponentResource {
  /** Where the outside reaches the PBX. */
  public readonly address: pulumi.Output<string>;
  public readonly instanceId: pulumi.Output<string>;
  /** Command that opens a shell on the host and logs it. Without its `--document-name` AWS takes the account's preferences, which may log nothing. */
  public readonly sessionCommand: pulumi.Output<string>;
  /** IAM policy in JSON for operators: sessions on this host that are logged, and no others. */
  public readonly operatorPolicy: pulumi.Output<string>;
  /** Page of CloudWatch that shows calls, attacks and the machine. */
  public readonly dashboardUrl: pulumi.Output<string>;
  /** What the machine, its logs and its alarms cost a month, by prices of one day and region; an estimate. */
  public readonly estimatedMonthlyCost: MonthlyCost;
  /** What to type into each phone, by the phone's name. Secret; empty with `secretArn`, where `hardened-asterisk secrets --cards` prints it. */
  public readonly credentials: pulumi.Output<Record<string, PhoneCard>>;
  /** What the host reported: generation, changed files, actions and probes. No secrets. */
  public readonly receipt: pulumi.Output<HostReceipt>;
  /** Name of the vault of AWS Backup that holds the nightly copies of the data volume. */
  public readonly backupVault: pulumi.Output<string>;
  /** ARN of the role with which a job of AWS Backup restores such a copy. */
  public readonly restoreRoleArn: pulumi.Output<string>;
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
    warnOfNewMasterSecret({ accepted: args.newMasterSecret === true, profile, passwords: args.passwords }, this);
    const part = awsPart(name, this, args.tags ?? {}, args);
    const base = ground(part, args, perimeterRules(profile));
    const shell = session(part, { keyArn: base.keys.logs.arn, logGroup: base.sessions });
    const means = meansOfDelivery(part, base, secretOf(part, args, profile));
    const { instanceProfile } = roleOf(part, means, shell, base);
    const machine = instance(part, machineArgs(part, args, instanceProfile.name), base);
    const seen = watchOver(part, args, { profile, base, machine, shell });
    const access = sessionAccess(part, { ...shell, instanceId: machine.id, keyArn: base.keys.logs.arn });
    const sent = { ...means, ...whatIsDelivered(args, profile, base, machine) };

    this.receipt = deliveryAssociation(part, sent);
    this.credentials = cards(args, profile, { domain: base.address.publicIp, receipt: this.receipt });
    this.address = base.address.publicIp;
    this.instanceId = machine.id;
    this.sessionCommand = access.command;
    this.operatorPolicy = access.operatorPolicy;
    this.dashboardUrl = seen.dashboardUrl;
    this.estimatedMonthlyCost = monthlyCost(chosen(args, seen));
    this.backupVault = base.backups.vaultName;
    this.restoreRoleArn = base.backups.restoreRoleArn;
    this.vpcId = base.place.vpcId;
    this.subnetId = base.place.subnetId;
    this.securityGroupIds = base.groups.ids;
    this.registerOutputs(Object.fromEntries(shownOutputs.map((output) => [output, this[output]])));
  }
}

/** What the engine shows of the component. */
const shownOutputs = [
  "credentials",
  "receipt",
  "address",
  "instanceId",
  "sessionCommand",
  "operatorPolicy",
  "dashboardUrl",
  "estimatedMonthlyCost",
  "backupVault",
  "restoreRoleArn",
  "vpcId",
  "subnetId",
  "securityGroupIds",
] as const satisfies readonly (keyof AwsAsteriskHost)[];

/** Alarms on the machine, on what it logs and on who opens a session. */
function watchOver(
  part: AwsPart,
  args: AwsAsteriskHostArgs,
  { profile, base, machine, shell }: { profile: PbxProfile; base: Ground; machine: Instance; shell: Session },
) {
  recoveryAlarms(part, machine, [base.evidence.notifications.topicArn]);
  return watch(part, base.evidence, args, {
    profile,
    instanceId: machine.id,
    instanceType: args.instanceType ?? defaultInstanceType,
    sessionLogGroup: base.sessions.name,
    sessionDocument: shell.document,
    backupVault: base.backups.vaultName,
  });
}

/** What there has to be before the machine, which is told by its role what it may fetch. */
function meansOfDelivery(part: AwsPart, { keys, evidence }: Ground, secret: HostSecret) {
  return {
    bucket: artifactBucket(part, { keyArn: keys.data.arn, accessLogs: evidence.accessLogs }),
    document: deliveryDocument(part),
    secret,
  };
}

/** The caller's own, or one that is made and filled here. */
function secretOf(part: AwsPart, args: AwsAsteriskHostArgs, profile: PbxProfile): HostSecret {
  if (args.secretArn !== undefined) return callersSecret(part, args.secretArn);
  return hostSecret(part, { keyArn: secretsKey(part, args.kmsKeyArn).arn, values: hostValues(args, profile) });
}

/** None with a secret of the caller's: nothing they could be derived from is here. */
function cards(
  { masterSecret, passwords }: AwsAsteriskHostArgs,
  profile: PbxProfile,
  known: { readonly domain: pulumi.Output<string>; readonly receipt: pulumi.Output<HostReceipt> },
): pulumi.Output<Record<string, PhoneCard>> {
  if (masterSecret === undefined) return pulumi.secret<Record<string, PhoneCard>>({});
  const kept = passwords === undefined ? {} : { passwords };
  return phoneCards({ masterSecret, domain: known.domain, ...kept }, profile, known.receipt);
}

/** What the machine may do: each part says what it needs. */
function roleOf(
  part: AwsPart,
  { bucket, secret, document }: ReturnType<typeof meansOfDelivery>,
  shell: Session,
  { evidence }: Ground,
) {
  const needs = [bucket, secret, shell].flatMap(({ statements }) => statements);
  return instanceRole(part, {
    statements: [...needs, ...logStatements(evidence.groups)],
    documents: [shell.document.arn, document.arn],
  });
}

function whatIsDelivered(
  { asteriskPackage, recheck }: AwsAsteriskHostArgs,
  profile: PbxProfile,
  { address, evidence }: Ground,
  machine: Instance,
): Pick<DeliveryArgs, "instanceId" | "bundle" | "packages" | "address" | "recheck" | "reasons" | "dependsOn"> {
  const { path, sha256 } = asteriskPackage;
  return {
    instanceId: machine.id,
    bundle: canonicalBundle(renderBundle(profile, readTemplates())),
    packages: path === undefined ? [] : [{ path, sha256 }],
    address: address.publicIp,
    ...(recheck === undefined ? {} : { recheck }),
    reasons: `log group ${logGroupName(evidence.prefix, "alarms")}`,
    dependsOn: [machine.attached],
  };
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
