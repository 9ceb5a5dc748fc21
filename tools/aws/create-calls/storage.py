"""What Terraform's provider asks of S3, Firehose, Secrets Manager, KMS and IAM."""

from inputs import pairs


def bucket(r):
    name, locked, tags = r["bucket"], r["objectLockEnabled"], pairs(r["tags"])
    given = {
        "Bucket": name,
        "CreateBucketConfiguration": {"LocationConstraint": "eu-central-1"},
        "ObjectLockEnabledForBucket": locked,
    }
    yield "s3.CreateBucket", given
    if tags:
        yield "s3.PutBucketTagging", {"Bucket": name, "Tagging": {"TagSet": tags}}
    return {"id": name, "arn": f"arn:aws:s3:::{name}"}


def of_bucket(operation, parameters):
    """A setting of a bucket, which is one call."""

    def setting(r):
        name = r["bucket"]
        yield f"s3.{operation}", {"Bucket": name, **parameters(r)}
        return {"id": name}

    return setting


def lifecycle_rule(one):
    expiration = one["expiration"]
    return {
        "ID": one["id"],
        "Status": one["status"],
        "Filter": {"Prefix": one["filter"]["prefix"]},
        "Expiration": expiration and {"Days": expiration["days"]},
        "NoncurrentVersionExpiration": {"NoncurrentDays": one["noncurrentVersionExpiration"]["noncurrentDays"]},
        "AbortIncompleteMultipartUpload": {
            "DaysAfterInitiation": one["abortIncompleteMultipartUpload"]["daysAfterInitiation"]
        },
    }


def encryption_rule(one):
    default = one["applyServerSideEncryptionByDefault"]
    chosen = {"SSEAlgorithm": default["sseAlgorithm"], "KMSMasterKeyID": default["kmsMasterKeyId"]}
    return {"ApplyServerSideEncryptionByDefault": chosen, "BucketKeyEnabled": one["bucketKeyEnabled"]}


def lock_rule(r):
    retention = r["rule"]["defaultRetention"]
    default = {"Mode": retention["mode"], "Days": retention["days"]}
    return {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": default}}}


def logging(r):
    return {
        "BucketLoggingStatus": {
            "LoggingEnabled": {"TargetBucket": r["targetBucket"], "TargetPrefix": r["targetPrefix"]}
        }
    }


def public_access_block(r):
    names = ("blockPublicAcls", "ignorePublicAcls", "blockPublicPolicy", "restrictPublicBuckets")
    return {"PublicAccessBlockConfiguration": {name[0].upper() + name[1:]: r[name] for name in names}}


def bucket_object(r):
    tags = r["tags"]
    given = {
        "Bucket": r["bucket"],
        "Key": r["key"],
        # Which bytes they are changes nothing that is judged here.
        "Body": b"" if r["source"] and r["source"]["asset"] else None,
        "ServerSideEncryption": r["serverSideEncryption"],
        "SSEKMSKeyId": r["kmsKeyId"],
        "Tagging": tags and "&".join(f"{key}={value}" for key, value in tags.all().items()),
    }
    yield "s3.PutObject", given
    return {"id": f"{given['Bucket']} {given['Key']}"}


def firehose_destination(given):
    options = given["cloudwatchLoggingOptions"]
    return {
        "RoleARN": given["roleArn"],
        "BucketARN": given["bucketArn"],
        "Prefix": given["prefix"],
        "ErrorOutputPrefix": given["errorOutputPrefix"],
        "BufferingHints": {"SizeInMBs": given["bufferingSize"], "IntervalInSeconds": given["bufferingInterval"]},
        "CompressionFormat": given["compressionFormat"],
        "EncryptionConfiguration": {"KMSEncryptionConfig": {"AWSKMSKeyARN": given["kmsKeyArn"]}},
        "CloudWatchLoggingOptions": {
            "Enabled": options["enabled"],
            "LogGroupName": options["logGroupName"],
            "LogStreamName": options["logStreamName"],
        },
    }


def delivery_stream(r):
    if r["destination"] != "extended_s3":
        raise ValueError("the calls of another destination are not written down")
    name, encryption = r["name"], r["serverSideEncryption"]
    given = {
        "DeliveryStreamName": name,
        "DeliveryStreamType": "DirectPut",
        "ExtendedS3DestinationConfiguration": firehose_destination(r["extendedS3Configuration"]),
        "Tags": pairs(r["tags"]),
    }
    arn = (yield "firehose.CreateDeliveryStream", given)["DeliveryStreamARN"]
    if encryption["enabled"]:
        key = {"KeyARN": encryption["keyArn"], "KeyType": encryption["keyType"]}
        given = {"DeliveryStreamName": name, "DeliveryStreamEncryptionConfigurationInput": key}
        yield "firehose.StartDeliveryStreamEncryption", given
    return {"id": arn, "arn": arn}


def secret(r):
    given = {
        "Name": r["name"],
        "Description": r["description"],
        "KmsKeyId": r["kmsKeyId"],
        "Tags": pairs(r["tags"]),
    }
    arn = (yield "secretsmanager.CreateSecret", given)["ARN"]
    return {"id": arn, "arn": arn}


def secret_version(r):
    given = {"SecretId": r["secretId"], "SecretString": r["secretString"]}
    version = (yield "secretsmanager.PutSecretValue", given)["VersionId"]
    return {"id": f"{given['SecretId']} {version}", "version_id": version}


def key(r):
    tags = pairs(r["tags"], "TagKey", "TagValue")
    given = {"Description": r["description"], "Policy": r["policy"], "Tags": tags}
    made = (yield "kms.CreateKey", given)["KeyMetadata"]
    if r["enableKeyRotation"]:
        yield "kms.EnableKeyRotation", {"KeyId": made["KeyId"]}
    return {"id": made["KeyId"], "arn": made["Arn"]}


def role(r):
    name = r["name"]
    given = {
        "RoleName": name,
        "AssumeRolePolicyDocument": r["assumeRolePolicy"],
        "Description": r["description"],
        "PermissionsBoundary": r["permissionsBoundary"],
        "Tags": pairs(r["tags"]),
    }
    return {"id": name, "arn": (yield "iam.CreateRole", given)["Role"]["Arn"]}


def policy(r):
    given = {
        "PolicyName": r["name"],
        "PolicyDocument": r["policy"],
        "Description": r["description"],
        "Tags": pairs(r["tags"]),
    }
    arn = (yield "iam.CreatePolicy", given)["Policy"]["Arn"]
    return {"id": arn, "arn": arn}


def role_policy_attachment(r):
    given = {"RoleName": r["role"], "PolicyArn": r["policyArn"]}
    yield "iam.AttachRolePolicy", given
    return {"id": f"{given['RoleName']} {given['PolicyArn']}"}


def instance_profile(r):
    name = r["name"]
    yield "iam.CreateInstanceProfile", {"InstanceProfileName": name, "Tags": pairs(r["tags"])}
    yield "iam.AddRoleToInstanceProfile", {"InstanceProfileName": name, "RoleName": r["role"]}
    return {"id": name}


CALLS = {
    "aws:s3/bucket:Bucket": bucket,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": of_bucket(
        "PutBucketLifecycleConfiguration",
        lambda r: {"LifecycleConfiguration": {"Rules": [lifecycle_rule(one) for one in r["rules"]]}},
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": of_bucket(
        "PutBucketEncryption",
        lambda r: {"ServerSideEncryptionConfiguration": {"Rules": [encryption_rule(one) for one in r["rules"]]}},
    ),
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": of_bucket(
        "PutObjectLockConfiguration", lock_rule
    ),
    "aws:s3/bucketLogging:BucketLogging": of_bucket("PutBucketLogging", logging),
    "aws:s3/bucketNotification:BucketNotification": of_bucket(
        "PutBucketNotificationConfiguration",
        lambda r: {"NotificationConfiguration": {"EventBridgeConfiguration": {} if r["eventbridge"] else None}},
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": of_bucket(
        "PutBucketOwnershipControls",
        lambda r: {"OwnershipControls": {"Rules": [{"ObjectOwnership": r["rule"]["objectOwnership"]}]}},
    ),
    "aws:s3/bucketPolicy:BucketPolicy": of_bucket("PutBucketPolicy", lambda r: {"Policy": r["policy"]}),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": of_bucket("PutPublicAccessBlock", public_access_block),
    "aws:s3/bucketVersioning:BucketVersioning": of_bucket(
        "PutBucketVersioning",
        lambda r: {"VersioningConfiguration": {"Status": r["versioningConfiguration"]["status"]}},
    ),
    "aws:s3/bucketObjectv2:BucketObjectv2": bucket_object,
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": delivery_stream,
    "aws:secretsmanager/secret:Secret": secret,
    "aws:secretsmanager/secretVersion:SecretVersion": secret_version,
    "aws:kms/key:Key": key,
    "aws:iam/role:Role": role,
    "aws:iam/policy:Policy": policy,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": role_policy_attachment,
    "aws:iam/instanceProfile:InstanceProfile": instance_profile,
}
