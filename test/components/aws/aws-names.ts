/** What AWS allows of a physical name, by the API reference of the service; not taken from the component that is judged. */
export interface AllowedName {
  /** Input that is the name. */
  readonly property: string;
  /** Input that is the beginning of the name, to which the provider adds 26 characters. */
  readonly prefix?: string;
  readonly longest: number;
  readonly characters: RegExp;
  /** Beginnings that AWS refuses, in lower case. */
  readonly reserved?: readonly string[];
}

const dashed = /^[A-Za-z0-9-]+$/;
const iam = /^[\w+=,.@-]+$/;

/** Types whose names are unique in an account and region, or in the world. */
export const allowedNames: Readonly<Record<string, AllowedName>> = {
  "aws:backup/plan:Plan": { property: "name", longest: 50, characters: /^[\w.-]+$/ },
  "aws:backup/selection:Selection": { property: "name", longest: 50, characters: /^[\w.-]+$/ },
  "aws:backup/vault:Vault": { property: "name", longest: 50, characters: /^[\w-]{2,}$/ },
  "aws:budgets/budget:Budget": { property: "name", longest: 100, characters: /^[^:\\]+$/ },
  "aws:cloudwatch/dashboard:Dashboard": { property: "dashboardName", longest: 255, characters: /^[\w-]+$/ },
  "aws:cloudwatch/eventRule:EventRule": { property: "name", longest: 64, characters: /^[\w.-]+$/ },
  "aws:cloudwatch/logGroup:LogGroup": {
    property: "name",
    longest: 512,
    characters: /^[\w.\-/#]+$/,
    reserved: ["aws/"],
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": { property: "name", longest: 255, characters: dashed },
  "aws:cloudwatch/queryDefinition:QueryDefinition": { property: "name", longest: 255, characters: /^[^:*?]+$/ },
  "aws:ec2/managedPrefixList:ManagedPrefixList": {
    property: "name",
    longest: 255,
    characters: dashed,
    reserved: ["com.amazonaws"],
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    property: "name",
    prefix: "namePrefix",
    longest: 255,
    characters: dashed,
    reserved: ["sg-"],
  },
  "aws:iam/instanceProfile:InstanceProfile": { property: "name", longest: 128, characters: iam },
  "aws:iam/policy:Policy": { property: "name", prefix: "namePrefix", longest: 128, characters: iam },
  "aws:iam/role:Role": { property: "name", longest: 64, characters: iam },
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": {
    property: "name",
    longest: 64,
    characters: /^[\w.-]+$/,
  },
  "aws:s3/bucket:Bucket": {
    property: "bucket",
    prefix: "bucketPrefix",
    longest: 63,
    characters: /^[a-z0-9][a-z0-9-]+$/,
    reserved: ["xn--", "sthree-", "amzn-s3-demo-"],
  },
  "aws:secretsmanager/secret:Secret": {
    property: "name",
    prefix: "namePrefix",
    longest: 512,
    characters: /^[\w/+=.@-]+$/,
  },
  "aws:sns/topic:Topic": { property: "name", longest: 256, characters: /^[\w-]+$/ },
  "aws:ssm/association:Association": { property: "associationName", longest: 128, characters: /^[\w.-]{3,}$/ },
  "aws:ssm/document:Document": {
    property: "name",
    longest: 128,
    characters: /^[\w.-]{3,}$/,
    reserved: ["aws", "amazon", "amzn"],
  },
};

/** Types whose names are unique in a log group only, and the log group is the stack's own: the longest name in characters. */
export const namedInLogGroup: Readonly<Record<string, number>> = {
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": 512,
  "aws:cloudwatch/logStream:LogStream": 512,
  "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": 512,
};

/** Types without a name of their own: AWS gives them an id, or they are settings of another resource. */
export const nameless: readonly string[] = [
  "aws:cloudwatch/eventTarget:EventTarget",
  "aws:ebs/volume:Volume",
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  "aws:ec2/eip:Eip",
  "aws:ec2/eipAssociation:EipAssociation",
  "aws:ec2/flowLog:FlowLog",
  "aws:ec2/instance:Instance",
  "aws:ec2/internetGateway:InternetGateway",
  "aws:ec2/networkAcl:NetworkAcl",
  "aws:ec2/networkAclRule:NetworkAclRule",
  "aws:ec2/networkInterface:NetworkInterface",
  "aws:ec2/route:Route",
  "aws:ec2/routeTable:RouteTable",
  "aws:ec2/routeTableAssociation:RouteTableAssociation",
  "aws:ec2/subnet:Subnet",
  "aws:ec2/volumeAttachment:VolumeAttachment",
  "aws:ec2/vpc:Vpc",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:kms/key:Key",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketLogging:BucketLogging",
  "aws:s3/bucketNotification:BucketNotification",
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
  "aws:s3/bucketObjectv2:BucketObjectv2",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketVersioning:BucketVersioning",
  "aws:secretsmanager/secretVersion:SecretVersion",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:sns/topicSubscription:TopicSubscription",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
];
