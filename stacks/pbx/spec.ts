import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { readSpecFile, type PbxSpec } from "hardened-asterisk";

/**
 * The spec under `pbx:spec`, or in the file that `pbx:specFile` names, relative to the folder of Pulumi.yaml.
 * @throws pulumi.RunError unless exactly one of the two is given, and when the file cannot be used.
 */
export function specOf(config: pulumi.Config): PbxSpec {
  const spec = config.getObject<PbxSpec>("spec");
  const file = config.get("specFile");
  if (spec !== undefined && file !== undefined)
    throw new pulumi.RunError(
      "pbx:spec and pbx:specFile: both are given; keep one of them in the stack's configuration",
    );
  if (spec !== undefined) return spec;
  if (file !== undefined) return readSpecFile(path.resolve(pulumi.getRootDirectory(), file));
  throw new pulumi.RunError(
    "pbx:spec: is missing; write under it what the PBX is to be, or name a file that says it: pulumi config set pbx:specFile office.yaml",
  );
}
