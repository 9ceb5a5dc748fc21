import type { CloudControl, CloudFinding, Made } from "./cloud-control";
import { notApplicable } from "./judging";

/** Not applicable while no resource of those types is made; unknown as soon as one is, for then a judge is missing. */
function unlessMade(resources: readonly Made[], prefixes: readonly string[], reason: string): CloudFinding {
  const found = resources.find(({ type }) => prefixes.some((prefix) => type.startsWith(prefix)));
  return found === undefined
    ? notApplicable(reason)
    : { result: "unknown", reason: `${found.name} (${found.type}) is made, and nothing here judges it` };
}

/** Rows about what this component does not make. */
export const absent: readonly CloudControl[] = [
  {
    row: 10,
    ids: ["AutoScaling.1", "AutoScaling.2", "AutoScaling.6", "AutoScaling.9", "CKV_AWS_153", "CKV_AWS_315"],
    threat: "A group that replaces its machines loses calls, voicemail and evidence.",
    judge: (made) =>
      unlessMade(made, ["aws:autoscaling/", "aws:ec2/launchTemplate:"], "one instance that recovers, no scaling group"),
  },
  {
    row: 25,
    ids: ["CIS 4.1–4.16", "AWS-0147…0160"],
    threat: "Whoever takes the account over is not noticed.",
    judge: (made) =>
      unlessMade(made, ["aws:cloudtrail/"], "alarms on the account's trail belong to the account, not to one PBX"),
  },
  {
    row: 31,
    ids: ["NetworkFirewall.2", "NetworkFirewall.3", "CKV_AWS_344", "CKV_AWS_345", "CKV_AWS_346"],
    threat: "A firewall that fails open or keeps no log.",
    judge: (made) =>
      unlessMade(made, ["aws:networkfirewall/"], "no Network Firewall; security groups and nftables hold the line"),
  },
  {
    row: 33,
    ids: ["Route53.2", "CKV2_AWS_23", "CKV2_AWS_38", "CKV2_AWS_39"],
    threat: "A zone that somebody redirects, without a log of questions.",
    judge: (made) => unlessMade(made, ["aws:route53/"], "no DNS zone is made"),
  },
  {
    row: 34,
    ids: ["Lambda.1", "Lambda.2", "Lambda.3", "CKV_AWS_45", "CKV_AWS_117", "CKV_AWS_173"],
    threat: "A function that anybody may call, or that carries secrets in its environment.",
    judge: (made) => unlessMade(made, ["aws:lambda/"], "no function is made"),
  },
];
