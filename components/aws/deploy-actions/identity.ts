import { grant, type DeployActions } from "./grant";

const useKey = grant("key", "kms", "Decrypt GenerateDataKey", "throughService");

/** Roles, keys, secrets, and what Systems Manager runs. */
export const identityActions: DeployActions = {
  "aws:iam/role:Role": [
    grant(
      "role",
      "iam",
      "GetRole DeleteRole TagRole UntagRole ListRolePolicies ListAttachedRolePolicies ListInstanceProfilesForRole",
    ),
    grant(
      "role",
      "iam",
      "CreateRole PutRolePermissionsBoundary UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy",
      "boundary",
    ),
    grant("role", "iam", "DeleteRolePermissionsBoundary", "noBoundary"),
  ],
  "aws:iam/policy:Policy": [
    grant(
      "policy",
      "iam",
      "CreatePolicy GetPolicy GetPolicyVersion ListPolicyVersions CreatePolicyVersion DeletePolicyVersion DeletePolicy TagPolicy UntagPolicy",
    ),
  ],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": [
    grant("role", "iam", "DetachRolePolicy ListAttachedRolePolicies"),
    grant("role", "iam", "AttachRolePolicy", "boundary"),
  ],
  "aws:iam/instanceProfile:InstanceProfile": [
    grant(
      "instanceProfile",
      "iam",
      "CreateInstanceProfile GetInstanceProfile DeleteInstanceProfile AddRoleToInstanceProfile RemoveRoleFromInstanceProfile TagInstanceProfile UntagInstanceProfile",
    ),
    grant("role", "iam", "GetRole"),
    grant("role", "iam", "PassRole", "passedToService"),
  ],
  "aws:kms/key:Key": [
    grant("any", "kms", "CreateKey"),
    grant(
      "key",
      "kms",
      "DescribeKey GetKeyPolicy PutKeyPolicy GetKeyRotationStatus EnableKeyRotation DisableKeyRotation EnableKey DisableKey UpdateKeyDescription ListResourceTags TagResource UntagResource",
    ),
    grant("key", "kms", "ScheduleKeyDeletion", "takeDown"),
  ],
  "aws:secretsmanager/secret:Secret": [
    grant(
      "secret",
      "secretsmanager",
      "CreateSecret DescribeSecret UpdateSecret DeleteSecret GetResourcePolicy TagResource UntagResource",
    ),
    useKey,
  ],
  "aws:secretsmanager/secretVersion:SecretVersion": [
    grant(
      "secret",
      "secretsmanager",
      "PutSecretValue GetSecretValue ListSecretVersionIds DescribeSecret UpdateSecretVersionStage",
    ),
    useKey,
  ],
  "aws:ssm/document:Document": [
    grant(
      "document",
      "ssm",
      "CreateDocument UpdateDocument UpdateDocumentDefaultVersion DeleteDocument DescribeDocument GetDocument DescribeDocumentPermission AddTagsToResource RemoveTagsFromResource ListTagsForResource",
    ),
  ],
  "aws:ssm/association:Association": [
    // On machines too, for one that is named; of targets chosen in another way IAM checks nothing (Systems Manager User Guide).
    ...(["association", "document", "instance"] as const).map((on) =>
      grant(on, "ssm", "CreateAssociation UpdateAssociation DeleteAssociation"),
    ),
    grant("association", "ssm", "DescribeAssociation AddTagsToResource RemoveTagsFromResource ListTagsForResource"),
  ],
  "aws:index/getCallerIdentity:getCallerIdentity": [grant("any", "sts", "GetCallerIdentity")],
  // The provider knows both from its own configuration.
  "aws:index/getPartition:getPartition": [],
  "aws:index/getRegion:getRegion": [],
};
