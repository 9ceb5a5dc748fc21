import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { HostOs, type AsteriskHostArgs } from "hardened-asterisk";

/**
 * `pbx:os`, and under `pbx:asteriskPackage` the package that Debian 13 needs; its `path` is relative to the folder of Pulumi.yaml.
 * @throws pulumi.RunError for an unknown release.
 */
export function platformOf(config: pulumi.Config): Pick<AsteriskHostArgs, "os" | "asteriskPackage"> {
  const word = config.get("os");
  const os = Object.values(HostOs).find((release) => release === word);
  if (word !== undefined && os === undefined)
    throw new pulumi.RunError(`pbx:os: is ${JSON.stringify(word)}; take ${Object.values(HostOs).join(" or ")}`);
  const given = config.getObject<NonNullable<AsteriskHostArgs["asteriskPackage"]>>("asteriskPackage");
  const file = given?.path === undefined ? {} : { path: path.resolve(pulumi.getRootDirectory(), given.path) };
  return {
    ...(os === undefined ? {} : { os }),
    ...(given === undefined ? {} : { asteriskPackage: { ...given, ...file } }),
  };
}
