import type { AwsAsteriskHostArgs } from "./asterisk-host-args";
import { defaultDataGigabytes } from "./data-volume";
import type { Watch } from "./evidence";
import { defaultInstanceType, rootGigabytes } from "./instance";
import type { Chosen } from "./monthly-cost";

/** What a small PBX writes, as research for this component reckoned: 2 GB of logs a month, before any attack. */
const logGigabytes = 2;

/** What the flow log of a small PBX takes in, GB a month, by the same reckoning. */
const flowGigabytes = 2;

/** How much of each priced thing a host's arguments ask for. */
export function chosen(args: AwsAsteriskHostArgs, { metrics, alarms }: Pick<Watch, "metrics" | "alarms">): Chosen {
  const {
    instanceType = defaultInstanceType,
    dataGigabytes = defaultDataGigabytes,
    kmsKeyArn,
    secretArn,
    vpcId,
  } = args;
  const made = secretArn === undefined ? 1 : 0;
  return {
    instanceType,
    volumeGigabytes: rootGigabytes + dataGigabytes,
    snapshotGigabytes: dataGigabytes,
    addresses: 1,
    keys: kmsKeyArn === undefined ? 2 + made : 0,
    secrets: made,
    metrics,
    // Two more watch the machine's status.
    alarms: Object.keys(alarms).length + 2,
    dashboards: 0,
    logGigabytes,
    flowGigabytes: vpcId === undefined ? flowGigabytes : 0,
    logMonths: (args.logRetentionDays ?? 365) / 30.4,
  };
}
