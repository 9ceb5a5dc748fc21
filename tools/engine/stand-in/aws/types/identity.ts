import type { ResourceTypes } from "./resource-type";

/** Keys, roles, secrets, and what Systems Manager runs. */
export const identity: ResourceTypes = {
  "aws:kms/key:Key": {
    terraform: "aws_kms_key",
    id: "key-",
    replaces: ["customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion"],
  },
  "aws:kms/alias:Alias": { terraform: "aws_kms_alias", id: "=name", replaces: ["name", "namePrefix"] },
  "aws:iam/role:Role": { terraform: "aws_iam_role", id: "=name", replaces: ["name", "namePrefix", "path"] },
  "aws:iam/policy:Policy": {
    terraform: "aws_iam_policy",
    id: "=arn",
    replaces: ["name", "namePrefix", "path", "description"],
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    terraform: "aws_iam_role_policy_attachment",
    id: "attachment-",
    replaces: ["role", "policyArn"],
  },
  "aws:iam/instanceProfile:InstanceProfile": {
    terraform: "aws_iam_instance_profile",
    id: "=name",
    replaces: ["name", "namePrefix", "path"],
  },
  "aws:secretsmanager/secret:Secret": {
    terraform: "aws_secretsmanager_secret",
    id: "=arn",
    replaces: ["name", "namePrefix"],
    renamed: { replicas: "replica" },
  },
  "aws:secretsmanager/secretVersion:SecretVersion": {
    terraform: "aws_secretsmanager_secret_version",
    checked: "secretsmanager/secret_version.go",
    id: "secret-version-",
    replaces: ["secretId", "secretString", "secretBinary", "secretStringWoVersion"],
  },
  "aws:secretsmanager/secretPolicy:SecretPolicy": {
    terraform: "aws_secretsmanager_secret_policy",
    id: "=secretArn",
    replaces: ["secretArn"],
  },
  "aws:ssm/document:Document": {
    terraform: "aws_ssm_document",
    checked: "ssm/document.go",
    id: "=name",
    replaces: ["name"],
  },
  "aws:ssm/association:Association": {
    terraform: "aws_ssm_association",
    checked: "ssm/association.go",
    id: "association-",
    replaces: ["name", "instanceId"],
  },
  "aws:ssm/parameter:Parameter": { terraform: "aws_ssm_parameter", id: "=name", replaces: ["name"] },
  "aws:ssm/patchBaseline:PatchBaseline": {
    terraform: "aws_ssm_patch_baseline",
    id: "pb-",
    replaces: ["operatingSystem"],
    renamed: { approvalRules: "approval_rule", patchFilters: "patch_filter", globalFilters: "global_filter" },
  },
  "aws:ssm/patchGroup:PatchGroup": {
    terraform: "aws_ssm_patch_group",
    id: "pg-",
    replaces: ["baselineId", "patchGroup"],
  },
};
