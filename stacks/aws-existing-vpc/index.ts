import * as pulumi from "@pulumi/pulumi";
import { AwsAsteriskHost } from "hardened-asterisk/aws";

const config = new pulumi.Config();

const pbx = new AwsAsteriskHost("pbx", {
  masterSecret: config.requireSecret("masterSecret"),
  // What `npm run build:asterisk` has built: { path or url, sha256 }.
  asteriskPackage: config.requireObject("asteriskPackage"),
  vpcId: config.require("vpcId"),
  // Its route table has to lead to an internet gateway.
  subnetId: config.require("subnetId"),
  eipAllocationId: config.require("eipAllocationId"),
  kmsKeyArn: config.require("kmsKeyArn"),
  pbx: {
    country: "DE",
    phones: {
      reception: { number: "101", networks: ["198.51.100.0/24"] },
      sales: { number: "102", networks: ["198.51.100.0/24"] },
    },
  },
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
