import type * as pulumi from "@pulumi/pulumi";
import type { SealedPbxSpec } from "../../core/spec/spec";
import type { AsteriskPackageArgs } from "../asterisk-package";
import type { AgentPackage } from "./agent-packages";
import type { EvidenceArgs } from "./evidence-args";

/** Arguments of {@link AwsAsteriskHost}. */
export interface AwsAsteriskHostArgs extends EvidenceArgs {
  /** At least 32 random characters from which every password is derived, for example `openssl rand -hex 32`. Another one changes every user name and password, and the host refuses it without `newMasterSecret`. Required without `secretArn`. */
  masterSecret?: pulumi.Input<string>;
  /** Whether the host accepts another master secret than its present one. Every phone must then be configured again. Remove it after the `up`. Default: false. */
  newMasterSecret?: boolean;
  /**
   * A secret of yours, of this account and region and encrypted with a key of yours. You put into it what `hardened-asterisk secrets` prints,
   * `up` delivers what is current in it, and no secret of the PBX's is in the stack's state. Goes without `masterSecret`,
   * `newMasterSecret`, `passwords`, `trunkPasswords` and `logClientKey`. Default: one is made and filled.
   */
  secretArn?: pulumi.Input<string>;
  /** Passwords that phones of an older system keep, by the phone's name; a weak one is refused. Default: none, all are derived. */
  passwords?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Passwords of the accounts at carriers that are registered with, by the trunk's name. Required for each trunk with `register`. */
  trunkPasswords?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Private key, in PEM, of `logs.clientCertificate`. Required with it. */
  logClientKey?: pulumi.Input<string>;
  /** What the PBX is to be; plain values, so that every refusal happens at preview. It names no `admins`: nobody logs in over SSH. */
  pbx: SealedPbxSpec;
  /** The Debian 13 package that carries Asterisk: what `npm run build:asterisk` prints. */
  asteriskPackage: AsteriskPackageArgs;
  /** Any text, such as a date. When it changes, `up` lets the host compare itself with its configuration at once; it does so every half an hour by itself. */
  recheck?: pulumi.Input<string>;
  /**
   * Default: `t3.small`. Another architecture than x86_64 needs an Asterisk package of that architecture. A later change stops and starts
   * the machine; one to another architecture replaces it, as `generation` does.
   */
  instanceType?: string;
  /** Image of Debian 13 to boot. Default: the newest of Debian's own account when the machine is first made or replaced; a newer one replaces nothing. */
  amiId?: pulumi.Input<string>;
  /** Raise by one to replace the machine, with the newest image unless `amiId` is given; address, data volume, logs and credentials stay. Default: 1. */
  generation?: number;
  /** Size of the volume that outlives the machine, in GiB; it can grow, not shrink. Default: 10. */
  dataGigabytes?: number;
  /**
   * Snapshot that the data volume is made from, for example a nightly copy (docs/aws-restore.md). A later change replaces the volume:
   * `pulumi up` refuses that until the volume is unprotected. Taking it away changes nothing. Default: the volume is blank at first.
   */
  dataSnapshotId?: pulumi.Input<string>;
  /** Your own VPC. Goes with `subnetId`. Default: one is made. */
  vpcId?: pulumi.Input<string>;
  /** A subnet of `vpcId` whose route table leads to an internet gateway. Another one of the same zone replaces the machine; `pulumi up` refuses one of another zone under `deletionProtection`, for the data volume would be replaced. */
  subnetId?: pulumi.Input<string>;
  /** Addresses of the VPC that is made, private ones, /16 to /28. Default: `10.80.0.0/24`. Other addresses replace network and machine; data volume and address stay. */
  vpcCidr?: string;
  /** Availability zone of the subnet that is made, for example `eu-central-1a`. Default: the first that offers the instance type when the subnet is made; it stays. Chosen once: `pulumi up` refuses another under `deletionProtection`, for the data volume would be replaced. */
  availabilityZone?: string;
  /** Allocation id of an Elastic IP of yours, for example `eipalloc-0123`. Refused at preview while it serves another machine. Default: one is made. */
  eipAllocationId?: pulumi.Input<string>;
  /** One key for everything; its policy has to admit CloudWatch Logs, alarms, EventBridge and budgets, with the statements of docs/aws.md. Default: three are made. Chosen once: `pulumi up` refuses another under `deletionProtection`, for the data volume would be replaced. */
  kmsKeyArn?: pulumi.Input<string>;
  /** Rules that one security group may have in one direction (quota L-0EA8095F of the account). Default: 60. */
  securityGroupRules?: number;
  /** ARN of a policy that bounds every role that is made. Default: none. */
  permissionsBoundary?: pulumi.Input<string>;
  /** Whether data volume, address, keys and logs refuse to be deleted; say false, `up`, and then destroy. Default: true. */
  deletionProtection?: boolean;
  /** Another version of Amazon's CloudWatch agent. Default: 1.300072.0b1766. */
  cloudWatchAgentPackage?: AgentPackage;
  /** Tags of every resource that takes some. Default: none. */
  tags?: Record<string, string>;
}
