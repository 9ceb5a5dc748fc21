import { change, look, tags } from "./ec2-grants";
import { grant, type DeployActions } from "./grant";

const passRole = grant("role", "iam", "PassRole", "passedToService");
/** What EC2 and AWS Backup do with a key in the name of whoever asks for an encrypted volume or vault. */
const encrypted = [
  grant("key", "kms", "DescribeKey"),
  grant("key", "kms", "CreateGrant", "grantForAws"),
  grant(
    "key",
    "kms",
    "Decrypt GenerateDataKey GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo",
    "throughService",
  ),
];

/** Machine, data volume and its backups, and what is asked before they are made. */
export const machineActions: DeployActions = {
  "aws:ec2/instance:Instance": [
    look(
      "DescribeInstances DescribeInstanceStatus DescribeInstanceCreditSpecifications DescribeInstanceTypes DescribeImages DescribeVolumes DescribeTags DescribeIamInstanceProfileAssociations DescribeVpcs DescribeSubnets",
    ),
    change(
      "RunInstances DescribeInstanceAttribute StartInstances StopInstances TerminateInstances ModifyInstanceAttribute ModifyInstanceMetadataOptions ModifyInstanceMaintenanceOptions ModifyInstanceCreditSpecification MonitorInstances UnmonitorInstances AssociateIamInstanceProfile ReplaceIamInstanceProfileAssociation DisassociateIamInstanceProfile ModifyVolume",
    ),
    grant("instanceProfile", "iam", "GetInstanceProfile"),
    passRole,
    tags,
    ...encrypted,
  ],
  "aws:ebs/volume:Volume": [
    look("DescribeVolumes DescribeVolumesModifications DescribeSnapshots"),
    change("CreateVolume ModifyVolume DeleteVolume CreateSnapshot"),
    tags,
    ...encrypted,
  ],
  "aws:ec2/volumeAttachment:VolumeAttachment": [
    look("DescribeVolumes DescribeInstances"),
    change("AttachVolume DetachVolume StopInstances StartInstances"),
    ...encrypted,
  ],
  "aws:backup/vault:Vault": [
    grant(
      "backupVault",
      "backup",
      "CreateBackupVault DeleteBackupVault DescribeBackupVault ListRecoveryPointsByBackupVault ListTags TagResource UntagResource",
    ),
    // Of `forceDestroy`; recovery points of EBS are snapshots.
    grant("ec2", "backup", "DescribeRecoveryPoint"),
    grant("ec2", "backup", "DeleteRecoveryPoint", "takeDown"),
    grant("any", "backup-storage", "MountCapsule"),
    grant("key", "kms", "RetireGrant"),
    ...encrypted,
  ],
  "aws:backup/plan:Plan": [
    grant(
      "backupPlan",
      "backup",
      "CreateBackupPlan UpdateBackupPlan DeleteBackupPlan GetBackupPlan ListTags TagResource UntagResource",
    ),
  ],
  "aws:backup/selection:Selection": [
    grant("backupPlan", "backup", "CreateBackupSelection DeleteBackupSelection GetBackupSelection"),
    passRole,
  ],
  "aws:ec2/getAmi:getAmi": [look("DescribeImages")],
  "aws:ec2/getInstanceType:getInstanceType": [look("DescribeInstanceTypes")],
  "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": [look("DescribeInstanceTypeOfferings")],
  "aws:ec2/getElasticIp:getElasticIp": [look("DescribeAddresses DescribeAddressesAttribute")],
  "aws:ec2/getSubnet:getSubnet": [look("DescribeSubnets")],
};
