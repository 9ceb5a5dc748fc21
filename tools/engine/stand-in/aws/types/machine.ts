import { architectureOf } from "../../../../../components/aws/architecture";
import type { ResourceTypes } from "./resource-type";

/** The machine, its disks and its backups. */
export const machine: ResourceTypes = {
  "aws:ec2/instance:Instance": {
    terraform: "aws_instance",
    checked: "ec2/ec2_instance.go",
    id: "i-",
    // userDataBase64 only with userDataReplaceOnChange.
    replaces: [
      "ami",
      "associatePublicIpAddress",
      "availabilityZone",
      "cpuOptions",
      "ebsOptimized",
      "enclaveOptions",
      "hibernation",
      "hostId",
      "ipv6AddressCount",
      "ipv6Addresses",
      "keyName",
      "launchTemplate",
      "networkInterfaces",
      "placementGroup",
      "placementPartitionNumber",
      "primaryNetworkInterface",
      "privateDnsNameOptions",
      "privateIp",
      "rootBlockDevice.encrypted",
      "rootBlockDevice.kmsKeyId",
      "securityGroups",
      "subnetId",
      "tenancy",
    ],
    // Else it stops and starts. The official provider asks AWS which architectures a type supports.
    replacesWhen: { instanceType: (before, after) => architectureOf(String(before)) !== architectureOf(String(after)) },
    renamed: { ebsBlockDevices: "ebs_block_device", networkInterfaces: "network_interface" },
  },
  "aws:ebs/volume:Volume": {
    terraform: "aws_ebs_volume",
    checked: "ec2/ebs_volume.go",
    id: "vol-",
    replaces: ["availabilityZone", "encrypted", "kmsKeyId", "snapshotId", "multiAttachEnabled", "outpostArn"],
    computed: ["snapshotId"],
  },
  "aws:ec2/volumeAttachment:VolumeAttachment": {
    terraform: "aws_volume_attachment",
    checked: "ec2/ebs_volume_attachment.go",
    id: "vai-",
    replaces: ["deviceName", "instanceId", "volumeId"],
  },
  "aws:backup/vault:Vault": {
    terraform: "aws_backup_vault",
    checked: "backup/vault.go",
    id: "=name",
    replaces: ["name", "kmsKeyArn"],
  },
  "aws:backup/vaultLockConfiguration:VaultLockConfiguration": {
    terraform: "aws_backup_vault_lock_configuration",
    checked: "backup/vault_lock_configuration.go",
    id: "=backupVaultName",
    replaces: ["backupVaultName", "changeableForDays", "maxRetentionDays", "minRetentionDays"],
  },
  "aws:backup/plan:Plan": {
    terraform: "aws_backup_plan",
    checked: "backup/plan.go",
    id: "plan-",
    replaces: ["name"],
    renamed: { rules: "rule", copyActions: "copy_action", advancedBackupSettings: "advanced_backup_setting" },
  },
  "aws:backup/selection:Selection": {
    terraform: "aws_backup_selection",
    checked: "backup/selection.go",
    id: "selection-",
    replaces: ["name", "planId", "iamRoleArn", "resources", "selectionTags", "conditions", "notResources"],
    renamed: { selectionTags: "selection_tag", conditions: "condition" },
  },
};
