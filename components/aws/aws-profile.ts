import * as pulumi from "@pulumi/pulumi";
import { SpecError, type Issue } from "../../core/issue";
import { HostOs, platformOf } from "../../core/platform/platforms";
import type { PbxProfile } from "../../core/profile/profile";
import { resolveProfile } from "../../core/profile/resolve-profile";
import { parseSpec } from "../../core/spec/parse-spec";
import { packageFile, packageIssues } from "../asterisk-package";
import { cloudWatchAgentPackage } from "./agent-packages";
import { architectureOf } from "./architecture";
import type { AwsAsteriskHostArgs } from "./asterisk-host-args";
import { argumentIssues } from "./argument-issues";
import { defaultInstanceType } from "./instance";
import { nameIssues } from "./name-issues";
import { ownerOf } from "./part";
import { namePath } from "./physical-names";
import { transferWarnings } from "../../core/spec/transfer-warnings";

const platform = platformOf(HostOs.Debian13);

/**
 * Every decision about the PBX of a host on AWS: behind an Elastic IP, without SSH, its logs in CloudWatch; `name` is the component's.
 * @throws pulumi.RunError listing everything that is wrong with the spec and the other arguments.
 */
export function awsProfile(
  name: string,
  args: AwsAsteriskHostArgs,
  warn: (message: string) => void,
  now: Date,
): PbxProfile {
  const parsed = parseSpec(args.pbx, now, { ssh: false });
  const missing = [...nameIssues(name), ...packageIssues(platform.os, args.asteriskPackage)];
  if ("issues" in parsed) return refuse([...parsed.issues, ...missing, ...argumentIssues(args)]);
  for (const { path, message } of [...parsed.warnings, ...transferWarnings(parsed.spec)]) warn(`${path}: ${message}`);
  try {
    const asteriskPackage = packageFile(args.asteriskPackage);
    const cloudWatch = { prefix: namePath(ownerOf(name)), agent: cloudWatchAgent(args) };
    const host = { platform, externalAddress: true, ssh: false, asteriskPackage, cloudWatch };
    const profile = resolveProfile(parsed.spec, host);
    const issues = [...missing, ...argumentIssues(args, profile)];
    return issues.length === 0 ? profile : refuse(issues);
  } catch (error) {
    throw error instanceof SpecError ? new pulumi.RunError(error.message) : error;
  }
}

/** What the bundle says of Amazon's agent: the file for the machine's processor. */
function cloudWatchAgent({ cloudWatchAgentPackage: given, instanceType = defaultInstanceType }: AwsAsteriskHostArgs) {
  const { url, sha256 } = given ?? cloudWatchAgentPackage[architectureOf(instanceType) ?? "amd64"];
  return { url, sha256 };
}

function refuse(issues: readonly Issue[]): never {
  throw new pulumi.RunError(new SpecError(issues).message);
}
