import type * as pulumi from "@pulumi/pulumi";
import { allow, type PolicyStatement } from "./policy-statement";

/** What EBS needs of a key to make an encrypted volume or snapshot (EBS User Guide, Encryption, IAM permissions). */
export const ebsKeyActions = ["kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo"] as const;

/** Lets EBS itself go on using the key for what it has encrypted with it. */
export function grantToVolumes(keyArn: pulumi.Input<string>, accountId: pulumi.Input<string>): PolicyStatement {
  return {
    ...allow("Grant", ["kms:CreateGrant"], keyArn),
    Condition: { Bool: { "kms:GrantIsForAWSResource": "true" }, StringEquals: { "aws:PrincipalAccount": accountId } },
  };
}
