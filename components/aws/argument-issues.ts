import type { Issue } from "../../core/issue";
import type { PbxProfile } from "../../core/profile/profile";
import { architectureOf, packageArchitecture } from "./architecture";
import type { AwsAsteriskHostArgs } from "./asterisk-host-args";
import { defaultInstanceType } from "./instance";
import { retentionChoices } from "./log-groups";
import { networkIssues } from "./network-issues";
import { outboundPatternIssues } from "./outbound-patterns";
import { securityGroupIssues } from "./security-group-issues";

/** What is wrong with the arguments beside the spec, and, where the spec is sound, with the two together. */
export function argumentIssues(args: AwsAsteriskHostArgs, profile?: PbxProfile): Issue[] {
  return [
    ...secretIssues(args),
    ...machineIssues(args),
    ...evidenceIssues(args),
    ...architectureIssues(args),
    ...networkIssues(args, profile),
    ...(profile === undefined ? [] : securityGroupIssues(profile, args.securityGroupRules)),
    ...(profile === undefined ? [] : outboundPatternIssues(profile)),
  ];
}

/** Who fills the secret: this program, or the caller. */
function secretIssues(args: Partial<AwsAsteriskHostArgs>): Issue[] {
  const { masterSecret, secretArn } = args;
  if (secretArn === undefined && masterSecret === undefined)
    return [
      {
        path: "masterSecret",
        message:
          "is missing; give the output of `openssl rand -hex 32` as a secret of the configuration, or `secretArn` of a secret that you fill",
      },
    ];
  if (secretArn === undefined) return [];
  const { newMasterSecret, passwords, trunkPasswords, logClientKey } = args;
  return Object.entries({ masterSecret, newMasterSecret, passwords, trunkPasswords, logClientKey })
    .filter(([, value]) => value !== undefined)
    .map(([path]) => ({
      path,
      message:
        path === "newMasterSecret"
          ? "does not go with secretArn; run `hardened-asterisk secrets --new-master-secret`, and remove it here"
          : "does not go with secretArn; give it to `hardened-asterisk secrets`, and remove it here",
    }));
}

/** A package for another processor than the machine's; a file whose name says none is judged on the host, by dpkg. */
function architectureIssues(args: Partial<AwsAsteriskHostArgs>): Issue[] {
  const { instanceType = defaultInstanceType, asteriskPackage } = args;
  const machine = architectureOf(instanceType);
  const file = packageArchitecture(asteriskPackage?.path ?? asteriskPackage?.url ?? "");
  if (machine === undefined || file === undefined || machine === file) return [];
  const message = `"${instanceType}" is ${machine}, and asteriskPackage is for ${file}; choose a type of ${file}, for example "${typeOf[file]}", or give a package of ${machine}`;
  return [{ path: "instanceType", message }];
}

const typeOf = { amd64: "t3.small", arm64: "t4g.small" } as const;

/** What can be wrong with logs and alarms. */
function evidenceIssues({ logRetentionDays, monthlyBudgetUsd, alarmEmails = [] }: AwsAsteriskHostArgs): Issue[] {
  const issues: Issue[] = [];
  if (logRetentionDays !== undefined && !retentionChoices.includes(logRetentionDays))
    issues.push({
      path: "logRetentionDays",
      message: `${logRetentionDays} is not offered by CloudWatch Logs, or less than a year; choose one of ${retentionChoices.join(", ")}`,
    });
  if (monthlyBudgetUsd !== undefined && !(monthlyBudgetUsd > 0))
    issues.push({
      path: "monthlyBudgetUsd",
      message: "must be US dollars a month, more than 0; leave it out for no budget",
    });
  for (const [index, email] of alarmEmails.entries())
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email))
      issues.push({ path: `alarmEmails.${index}`, message: `"${email.slice(0, 60)}" is no mail address` });
  return issues;
}

/** The smallest and largest data volume, in GiB. */
const dataBounds = [1, 16_384] as const;

function machineIssues({ instanceType, generation, dataGigabytes }: AwsAsteriskHostArgs): Issue[] {
  const issues: Issue[] = [];
  if (instanceType !== undefined && architectureOf(instanceType) === undefined)
    issues.push({
      path: "instanceType",
      message: `"${instanceType.slice(0, 60)}" is no instance type; write for example "t3.small"`,
    });
  if (generation !== undefined && !(Number.isInteger(generation) && generation >= 1))
    issues.push({
      path: "generation",
      message: "must be a whole number from 1; raise it by one to replace the machine",
    });
  const [least, most] = dataBounds;
  if (
    dataGigabytes !== undefined &&
    !(Number.isInteger(dataGigabytes) && dataGigabytes >= least && dataGigabytes <= most)
  )
    issues.push({ path: "dataGigabytes", message: `must be a whole number from ${least} to ${most}` });
  return issues;
}
