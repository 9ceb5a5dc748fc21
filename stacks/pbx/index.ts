import * as pulumi from "@pulumi/pulumi";
import { AsteriskHost } from "hardened-asterisk";
import { platformOf } from "./platform";
import { proxyOf } from "./proxy";
import { specOf } from "./spec";
import { refuseStrayKeys } from "./stack-file";

const config = new pulumi.Config("pbx");
refuseStrayKeys();
const waitSeconds = config.getNumber("waitSeconds");

const pbx = new AsteriskHost("pbx", {
  connection: {
    host: config.require("host"),
    port: config.getNumber("port") ?? 22,
    user: config.get("user") ?? "root",
    privateKey: config.requireSecret("privateKey"),
    ...(config.get("privateKeyPassword") === undefined
      ? {}
      : { privateKeyPassword: config.requireSecret("privateKeyPassword") }),
    hostKey: config.require("hostKey"),
    ...proxyOf(config),
    ...(waitSeconds === undefined ? {} : { waitSeconds }),
  },
  ...platformOf(config),
  masterSecret: config.requireSecret("masterSecret"),
  newMasterSecret: config.getBoolean("newMasterSecret") ?? false,
  trunkPasswords: config.getSecretObject<Record<string, string>>("trunkPasswords") ?? {},
  ...(config.get("logClientKey") === undefined ? {} : { logClientKey: config.requireSecret("logClientKey") }),
  ...(config.get("externalAddress") === undefined ? {} : { externalAddress: config.require("externalAddress") }),
  ...(config.get("recheck") === undefined ? {} : { recheck: config.require("recheck") }),
  pbx: specOf(config),
});

/** What to type into each phone (secret): `pulumi stack output --show-secrets credentials`. */
export const credentials = pbx.credentials;
/** Name of the configuration that is live on the host, and since when. The whole report: `hardened-asterisk status` there. */
export const generation = pbx.generation;
export const activatedAt = pbx.receipt.at;
