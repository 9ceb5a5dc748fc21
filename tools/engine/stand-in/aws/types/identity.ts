import type { ResourceTypes } from "./resource-type";

/** Keys, roles, secrets, and what Systems Manager runs. */
export const identity: ResourceTypes = {
  "aws:kms/key:Key": {
    terraform: "aws_kms_key",
    checked: "kms/key.go",
    id: "key-",
    replaces: ["customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion", "xksKeyId"],
  },
  "aws:kms/alias:Alias": {
    terraform: "aws_kms_alias",
    checked: "kms/alias.go",
    id: "=name",
    replaces: ["name", "namePrefix"],
  },
  "aws:iam/role:Role": {
    terraform: "aws_iam_role",
    checked: "iam/role.go",
    id: "=name",
    replaces: ["name", "namePrefix", "path"],
  },
  "aws:iam/policy:Policy": {
    terraform: "aws_iam_policy",
    checked: "iam/policy.go",
    id: "=arn",
    replaces: ["name", "namePrefix", "path", "description"],
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    terraform: "aws_iam_role_policy_attachment",
    checked: "iam/role_policy_attachment.go",
    id: "attachment-",
    replaces: ["role", "policyArn"],
    deletesFirst: true,
  },
  "aws:iam/instanceProfile:InstanceProfile": {
    terraform: "aws_iam_instance_profile",
    checked: "iam/instance_profile.go",
    id: "=name",
    replaces: ["name", "namePrefix", "path"],
  },
  "aws:secretsmanager/secret:Secret": {
    terraform: "aws_secretsmanager_secret",
    checked: "secretsmanager/secret.go",
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
    checked: "secretsmanager/secret_policy.go",
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
    replaces: ["name"],
  },
  "aws:ssm/parameter:Parameter": {
    terraform: "aws_ssm_parameter",
    checked: "ssm/parameter.go",
    id: "=name",
    replaces: ["name", "dataType"],
  },
  "aws:ssm/patchBaseline:PatchBaseline": {
    terraform: "aws_ssm_patch_baseline",
    checked: "ssm/patch_baseline.go",
    id: "pb-",
    replaces: ["operatingSystem"],
    renamed: { approvalRules: "approval_rule", patchFilters: "patch_filter", globalFilters: "global_filter" },
  },
  "aws:ssm/patchGroup:PatchGroup": {
    terraform: "aws_ssm_patch_group",
    checked: "ssm/patch_group.go",
    id: "pg-",
    replaces: ["baselineId", "patchGroup"],
  },
};
