import type * as aws from "@pulumi/aws";
import type { PerimeterRule } from "../../core/bundle/perimeter";
import { address, type Address } from "./address";
import type { AwsAsteriskHostArgs } from "./asterisk-host-args";
import { backup, type Backups } from "./backup";
import { dataVolume } from "./data-volume";
import { evidence, type Evidence } from "./evidence";
import { kmsKeys, type KmsKeys } from "./kms-keys";
import { network, type Network } from "./network";
import type { AwsPart } from "./part";
import { securityGroupPlan } from "./security-group-plan";
import { securityGroups, type SecurityGroups } from "./security-groups";
import { sessionLog } from "./session-log";

/** What is there before the machine and stays when it is replaced. */
export interface Ground {
  readonly keys: KmsKeys;
  readonly place: Network;
  readonly groups: SecurityGroups;
  readonly address: Address;
  readonly volume: aws.ebs.Volume;
  readonly backups: Backups;
  readonly evidence: Evidence;
  /** Where sessions are written down. */
  readonly sessions: aws.cloudwatch.LogGroup;
}

/** Keys, network, groups, address, data volume with its backups, and logs. */
export function ground(part: AwsPart, args: AwsAsteriskHostArgs, perimeter: readonly PerimeterRule[]): Ground {
  const keys = kmsKeys(part, args);
  const place = network(part, args, { keys, perimeter });
  const groups = securityGroups(part, place.vpcId, securityGroupPlan(perimeter));
  const volume = dataVolume(part, { place, keys }, args);
  return {
    keys,
    place,
    groups,
    volume,
    backups: backup(part, volume, keys),
    address: address(part, { place, groups }, args.eipAllocationId),
    evidence: evidence(part, keys.logs.arn, args),
    sessions: sessionLog(part, keys, args.logRetentionDays),
  };
}
