import * as pulumi from "@pulumi/pulumi";
import { AwsAsteriskHost } from "hardened-asterisk/aws";
import { spec } from "./spec";

const config = new pulumi.Config();
// Without them the data volume is blank at first, in the first zone that offers the machine. docs/aws-restore.md says when to set them.
const dataSnapshotId = config.get("dataSnapshotId");
const availabilityZone = config.get("availabilityZone");
const vpcCidr = config.get("vpcCidr");

const pbx = new AwsAsteriskHost("pbx", {
  masterSecret: config.requireSecret("masterSecret"),
  // What `npm run build:asterisk` has built: { path or url, sha256 }.
  asteriskPackage: config.requireObject("asteriskPackage"),
  // Raise it by one to replace the machine; address, data, logs and passwords stay.
  generation: config.getNumber("generation") ?? 1,
  // Say false, `pulumi up`, and only then `pulumi destroy`.
  deletionProtection: config.getBoolean("deletionProtection") ?? true,
  ...(dataSnapshotId === undefined ? {} : { dataSnapshotId }),
  ...(availabilityZone === undefined ? {} : { availabilityZone }),
  ...(vpcCidr === undefined ? {} : { vpcCidr }),
  pbx: spec,
});

/** What to type into each phone: `pulumi stack output credentials --show-secrets`. */
export const credentials = pbx.credentials;
/** Where phones and carriers reach the PBX. */
export const address = pbx.address;
export const instanceId = pbx.instanceId;
/** What happens there: calls, attacks, the machine. */
export const dashboardUrl = pbx.dashboardUrl;
/** Where the nightly copies of the data volume are, and what restores them (docs/aws-restore.md). */
export const backupVault = pbx.backupVault;
export const restoreRoleArn = pbx.restoreRoleArn;
