import type { CloudControl, Made } from "./cloud-control";
import { all, every, notApplicable, ofType, policyIn, refersTo, texts } from "./judging";

const key = "aws:kms/key:Key";

function keyFault({ inputs }: Made): string | undefined {
  if (inputs["enableKeyRotation"] !== true) return "is never rotated";
  if (inputs["deletionWindowInDays"] !== 30) return "can be had back for less than 30 days";
  if (inputs["bypassPolicyLockoutSafetyCheck"] === true) return "may be locked for everybody";
  if (typeof inputs["description"] !== "string" || inputs["description"] === "") return "does not say what it is for";
  return policyIn(inputs["policy"]).Statement.some(({ Principal, Condition }) => isOpen(Principal, Condition))
    ? "may be used by others"
    : undefined;
}

/** Anybody, or a service that is not held to this account. */
function isOpen(principal: unknown, condition: unknown): boolean {
  if (typeof principal !== "object" || principal === null) return true;
  const entries = Object.entries(principal as Record<string, string | readonly string[]>);
  const anybody = entries.some(([, names]) => texts(names).includes("*"));
  const service = entries.some(([kind]) => kind === "Service");
  return anybody || (service && !/\d{12}/.test(JSON.stringify(condition ?? {})));
}

/** Keys and backups: rows 22 and 30. */
export const keyAndBackupControls: readonly CloudControl[] = [
  {
    row: 22,
    ids: [
      "KMS.3",
      "KMS.4",
      "KMS.5",
      "CIS 3.6",
      "CKV_AWS_7",
      "CKV_AWS_33",
      "CKV_AWS_227",
      "CKV2_AWS_64",
      "AWS-0065",
      "AwsSolutions-KMS5",
    ],
    threat: "A key that leaks opens everything for ever, or another account uses it.",
    judge: (made) =>
      ofType(made, key).length === 0 ? notApplicable("the key is the caller's") : every(made, key, keyFault),
  },
  {
    row: 30,
    ids: ["EC2.28", "Backup.1", "CKV_AWS_166", "CKV2_AWS_9", "NIST.800.53.R5-EC2EBSInBackupPlan"],
    threat: "Voicemail and call records are gone with one volume, or with one click.",
    judge: (made) =>
      all(
        every(made, "aws:ebs/volume:Volume", (volume) =>
          ofType(made, "aws:backup/selection:Selection").some(({ inputs }) =>
            (inputs["resources"] as readonly unknown[] | undefined)?.some((one) => refersTo(one, volume)),
          )
            ? undefined
            : "is in no backup plan",
        ),
        every(made, "aws:backup/vault:Vault", ({ inputs }) => {
          const known = ofType(made, key).some((one) => refersTo(inputs["kmsKeyArn"], one));
          return known || /:key\//.test(String(inputs["kmsKeyArn"])) ? undefined : "is not under a key of ours";
        }),
      ),
  },
];
