import { cloudWatchAgentPackage } from "../components/aws/agent-packages";
import { SpecError } from "../core/issue";
import { HostOs, platformOf } from "../core/platform/platforms";
import type { PbxProfile } from "../core/profile/profile";
import { resolveProfile, type ProfileContext } from "../core/profile/resolve-profile";
import { parseSpec } from "../core/spec/parse-spec";
import type { SpecSource } from "./read-spec";
import { CliError, exitCode, type Terminal } from "./terminal";

/** What is known of the host beside its spec. */
export interface HostKind {
  /** A host of `AwsAsteriskHost`: Debian 13, without SSH, behind an Elastic IP, its logs in CloudWatch. Default: false. */
  readonly aws?: boolean;
  /** Its public address is not its own. Default: as the spec's source says. */
  readonly externalAddress?: boolean;
}

/** Stands where the names of stack and component are on the host. */
const prefix = "/hardened-asterisk/PROJECT/STACK/NAME";

/**
 * Every decision about the PBX of a spec, as of now; warns of what is waived.
 * @throws CliError listing everything that is wrong with the spec.
 */
export function profileOf(
  { spec, externalAddress }: SpecSource,
  { aws = false, ...told }: HostKind,
  { warn }: Pick<Terminal, "warn">,
): PbxProfile {
  const parsed = parseSpec(spec, new Date(), { ssh: !aws });
  if ("issues" in parsed) throw new CliError(new SpecError(parsed.issues).message + hint(spec, aws), exitCode.refused);
  for (const { path, message } of parsed.warnings) warn(`warning: ${path}: ${message}\n`);
  const otherAddress = externalAddress || told.externalAddress === true;
  const context: ProfileContext = aws
    ? {
        platform: platformOf(HostOs.Debian13),
        externalAddress: true,
        ssh: false,
        cloudWatch: { prefix, agent: cloudWatchAgentPackage.amd64 },
      }
    : { platform: platformOf(), externalAddress: otherAddress };
  try {
    return resolveProfile(parsed.spec, context);
  } catch (error) {
    throw error instanceof SpecError ? new CliError(error.message, exitCode.refused) : error;
  }
}

/** A spec without `admins` may be one for AWS; which it is, its owner says. */
function hint(spec: unknown, aws: boolean): string {
  if (aws || typeof spec !== "object" || spec === null || "admins" in spec) return "";
  return "\n  a host on AWS has no admins: for one, add --aws";
}
