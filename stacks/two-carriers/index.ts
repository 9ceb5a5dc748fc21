import * as pulumi from "@pulumi/pulumi";
import { AwsAsteriskHost } from "hardened-asterisk/aws";

const config = new pulumi.Config();

const pbx = new AwsAsteriskHost("pbx", {
  masterSecret: config.requireSecret("masterSecret"),
  // What `npm run build:asterisk` has built: { path or url, sha256 }.
  asteriskPackage: config.requireObject("asteriskPackage"),
  tags: { project: "two-carriers" },
  pbx: {
    country: "DE",
    phones: {
      reception: { number: "101", networks: ["198.51.100.0/24"], mayDial: ["internal", "national", "mobile"] },
      van: { number: "104", roaming: true },
    },
    trunks: {
      // Numbers of each carrier ring where they say; calls to the outside go over the first that is listed.
      telnyx: {
        carrier: "telnyx",
        regions: ["europe"],
        server: "185.246.41.140",
        numbers: { "+493012345678": "reception" },
      },
      vonage: { carrier: "vonage", server: "216.147.0.1", numbers: { "+493087654321": "van" } },
    },
    limits: { calls: 4, callMinutes: 60 },
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
