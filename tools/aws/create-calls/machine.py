"""What Terraform's provider asks of AWS for the machine, its address, its volume and their backups."""

from inputs import pairs, tagged


def eip(r):
    given = {"Domain": r["domain"], "TagSpecifications": tagged("elastic-ip", r["tags"])}
    made = yield "ec2.AllocateAddress", given
    return {"id": made["AllocationId"], "allocation_id": made["AllocationId"]}


def eip_association(r):
    given = {"AllocationId": r["allocationId"], "NetworkInterfaceId": r["networkInterfaceId"]}
    return {"id": (yield "ec2.AssociateAddress", given)["AssociationId"]}


def network_interface(r):
    given = {
        "SubnetId": r["subnetId"],
        "Description": r["description"],
        "Groups": r["securityGroups"],
        "TagSpecifications": tagged("network-interface", r["tags"]),
    }
    made = (yield "ec2.CreateNetworkInterface", given)["NetworkInterface"]
    identity, value = made["NetworkInterfaceId"], {"Value": r["sourceDestCheck"]}
    yield "ec2.ModifyNetworkInterfaceAttribute", {"NetworkInterfaceId": identity, "SourceDestCheck": value}
    return {"id": identity}


def instance(r):
    root, interface = r["rootBlockDevice"], r["primaryNetworkInterface"]["networkInterfaceId"]
    metadata, image = r["metadataOptions"], r["ami"]
    found = (yield "ec2.DescribeImages", {"ImageIds": [image]})["Images"][0]
    ebs = {
        "DeleteOnTermination": root["deleteOnTermination"],
        "Encrypted": root["encrypted"],
        "KmsKeyId": root["kmsKeyId"],
        "VolumeSize": root["volumeSize"],
        "VolumeType": root["volumeType"],
    }
    given = {
        "ImageId": image,
        "InstanceType": r["instanceType"],
        "MinCount": 1,
        "MaxCount": 1,
        "UserData": r["userDataBase64"],
        "EbsOptimized": r["ebsOptimized"],
        "Monitoring": {"Enabled": r["monitoring"]},
        "IamInstanceProfile": {"Name": r["iamInstanceProfile"]},
        "DisableApiTermination": r["disableApiTermination"],
        "CreditSpecification": r["creditSpecification"] and {"CpuCredits": r["creditSpecification"]["cpuCredits"]},
        "MaintenanceOptions": {"AutoRecovery": r["maintenanceOptions"]["autoRecovery"]},
        "MetadataOptions": {
            "HttpEndpoint": metadata["httpEndpoint"],
            "HttpTokens": metadata["httpTokens"],
            "HttpPutResponseHopLimit": metadata["httpPutResponseHopLimit"],
        },
        "NetworkInterfaces": [{"DeviceIndex": 0, "NetworkInterfaceId": interface}],
        "BlockDeviceMappings": [{"DeviceName": found["RootDeviceName"], "Ebs": ebs}],
        "TagSpecifications": [*tagged("instance", r["tags"]), *(tagged("volume", root["tags"]) or [])],
    }
    return {"id": (yield "ec2.RunInstances", given)["Instances"][0]["InstanceId"]}


def volume(r):
    given = {
        "AvailabilityZone": r["availabilityZone"],
        "Encrypted": r["encrypted"],
        "KmsKeyId": r["kmsKeyId"],
        "Size": r["size"],
        "VolumeType": r["type"],
        "TagSpecifications": tagged("volume", r["tags"]),
    }
    identity = (yield "ec2.CreateVolume", given)["VolumeId"]
    return {"id": identity, "arn": f"arn:aws:ec2:eu-central-1:123456789012:volume/{identity}"}


def volume_attachment(r):
    given = {"Device": r["deviceName"], "InstanceId": r["instanceId"], "VolumeId": r["volumeId"]}
    yield "ec2.AttachVolume", given
    return {"id": f"{given['InstanceId']} {given['VolumeId']}"}


def backup_vault(r):
    name, tags = r["name"], r["tags"]
    given = {"BackupVaultName": name, "EncryptionKeyArn": r["kmsKeyArn"], "BackupVaultTags": tags and tags.all()}
    return {"id": name, "arn": (yield "backup.CreateBackupVault", given)["BackupVaultArn"]}


def backup_rule(one):
    tags = one["recoveryPointTags"]
    return {
        "RuleName": one["ruleName"],
        "TargetBackupVaultName": one["targetVaultName"],
        "ScheduleExpression": one["schedule"],
        "StartWindowMinutes": one["startWindow"],
        "CompletionWindowMinutes": one["completionWindow"],
        "Lifecycle": {"DeleteAfterDays": one["lifecycle"]["deleteAfter"]},
        "RecoveryPointTags": tags and tags.all(),
    }


def backup_plan(r):
    plan = {"BackupPlanName": r["name"], "Rules": [backup_rule(one) for one in r["rules"]]}
    tags = r["tags"]
    made = yield "backup.CreateBackupPlan", {"BackupPlan": plan, "BackupPlanTags": tags and tags.all()}
    return {"id": made["BackupPlanId"]}


def backup_selection(r):
    selection = {"SelectionName": r["name"], "IamRoleArn": r["iamRoleArn"], "Resources": r["resources"]}
    given = {"BackupPlanId": r["planId"], "BackupSelection": selection}
    return {"id": (yield "backup.CreateBackupSelection", given)["SelectionId"]}


def document(r):
    given = {
        "Name": r["name"],
        "Content": r["content"],
        "DocumentType": r["documentType"],
        "DocumentFormat": r["documentFormat"],
        "TargetType": r["targetType"],
        "Tags": pairs(r["tags"]),
    }
    yield "ssm.CreateDocument", given
    arn = f"arn:aws:ssm:eu-central-1:123456789012:document/{given['Name']}"
    return {"id": given["Name"], "arn": arn}


def association(r):
    output, parameters = r["outputLocation"], r["parameters"].all()
    location = {
        "OutputS3BucketName": output["s3BucketName"],
        "OutputS3KeyPrefix": output["s3KeyPrefix"],
        "OutputS3Region": output["s3Region"],
    }
    given = {
        "Name": r["name"],
        "AssociationName": r["associationName"],
        "ComplianceSeverity": r["complianceSeverity"],
        "OutputLocation": {"S3Location": location},
        "Parameters": {name: [value] for name, value in parameters.items()},
        "ScheduleExpression": r["scheduleExpression"],
        "Targets": [{"Key": one["key"], "Values": one["values"]} for one in r["targets"]],
        "Tags": pairs(r["tags"]),
    }
    return {"id": (yield "ssm.CreateAssociation", given)["AssociationDescription"]["AssociationId"]}


CALLS = {
    "aws:ec2/eip:Eip": eip,
    "aws:ec2/eipAssociation:EipAssociation": eip_association,
    "aws:ec2/networkInterface:NetworkInterface": network_interface,
    "aws:ec2/instance:Instance": instance,
    "aws:ebs/volume:Volume": volume,
    "aws:ec2/volumeAttachment:VolumeAttachment": volume_attachment,
    "aws:backup/vault:Vault": backup_vault,
    "aws:backup/plan:Plan": backup_plan,
    "aws:backup/selection:Selection": backup_selection,
    "aws:ssm/document:Document": document,
    "aws:ssm/association:Association": association,
}
