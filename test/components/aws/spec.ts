import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import type { AwsAsteriskHostArgs } from "../../../components/aws/asterisk-host-args";
import type { SealedPbxSpec } from "../../../core/spec/spec";

/** The golden scenario without SSH. */
export const awsSpec = parse(
  readFileSync(path.join(__dirname, "../../golden/aws-no-ssh/spec.yaml"), "utf8"),
) as SealedPbxSpec;

/** Sound arguments, changed as told. */
export function awsArgs(change: Partial<AwsAsteriskHostArgs> = {}): AwsAsteriskHostArgs {
  const asteriskPackage = { url: "https://packages.example.com/asterisk_22.10.1-1_amd64.deb", sha256: "ab".repeat(32) };
  return { masterSecret: "0123456789abcdef0123456789abcdef", asteriskPackage, pbx: awsSpec, ...change };
}
