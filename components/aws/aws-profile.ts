import * as pulumi from "@pulumi/pulumi";
import { SpecError, type Issue } from "../../core/issue";
import { asterisk22 } from "../../core/platform/asterisk/22";
import { debian14 } from "../../core/platform/os/debian-14";
import type { PbxProfile } from "../../core/profile/profile";
import { resolveProfile } from "../../core/profile/resolve-profile";
import { parseSpec } from "../../core/spec/parse-spec";
import type { AwsAsteriskHostArgs } from "./asterisk-host-args";
import { argumentIssues } from "./argument-issues";

const platform = { asterisk: asterisk22, os: debian14 };

/**
 * Every decision about the PBX of a host on AWS: behind an Elastic IP, and without SSH.
 * @throws pulumi.RunError listing everything that is wrong with the spec and the other arguments.
 */
export function awsProfile(args: AwsAsteriskHostArgs, warn: (message: string) => void, now: Date): PbxProfile {
  const parsed = parseSpec(args.pbx, now, { ssh: false });
  if ("issues" in parsed) return refuse([...parsed.issues, ...argumentIssues(args)]);
  for (const { path, message } of parsed.warnings) warn(`${path}: ${message}`);
  try {
    const profile = resolveProfile(parsed.spec, { platform, externalAddress: true, ssh: false });
    const issues = argumentIssues(args, profile);
    return issues.length === 0 ? profile : refuse(issues);
  } catch (error) {
    throw error instanceof SpecError ? new pulumi.RunError(error.message) : error;
  }
}

function refuse(issues: readonly Issue[]): never {
  throw new pulumi.RunError(new SpecError(issues).message);
}
