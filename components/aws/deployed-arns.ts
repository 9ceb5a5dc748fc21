import type { DeployedKind } from "./deploy-actions/grant";
import { namePath, namePattern, physicalName, type NamedKind, type Owner } from "./physical-names";

/** Account and region in which stacks are deployed. */
export interface DeployPlace {
  /** Twelve digits. */
  readonly account: string;
  /** For example `eu-central-1`. */
  readonly region: string;
}

/** ARNs, as patterns of IAM, of everything of one kind that an owner's stack may have. What AWS names itself is narrowed to account and region. */
export function deployedArns(kind: DeployedKind, place: DeployPlace, owner: Owner): readonly string[] {
  if (kind === "any") return ["*"];
  const { region, account } = place;
  const arn = (service: string, resource: string, where = `${region}:${account}`) =>
    `arn:aws:${service}:${where}:${resource}`;
  const name = (named: NamedKind) => namePattern(owner, named);
  const logs = `log-group:${namePath(owner)}/*`;
  const bucket = arn("s3", name("bucketPrefix"), ":");
  const arns: Readonly<Record<Exclude<DeployedKind, "any">, readonly string[]>> = {
    alarm: [arn("cloudwatch", `alarm:${name("alarm")}`)],
    artifact: [`${arn("s3", physicalName(owner, "bucketPrefix", "artifacts"), ":")}*/*`],
    association: [arn("ssm", "association/*")],
    backupPlan: [arn("backup", "backup-plan:*")],
    backupVault: [arn("backup", `backup-vault:${name("backupVault")}`)],
    budget: [arn("budgets", `budget/${name("budget")}`, `:${account}`)],
    bucket: [bucket],
    dashboard: [arn("cloudwatch", `dashboard/${name("dashboard")}`, `:${account}`)],
    deliveryStream: [arn("firehose", `deliverystream/${name("deliveryStream")}`)],
    document: [arn("ssm", `document/${name("document")}`)],
    ec2: [arn("ec2", "*"), arn("ec2", "image/*", `${region}:`), arn("ec2", "snapshot/*", `${region}:`)],
    eventRule: [arn("events", `rule/${name("eventRule")}`)],
    instance: [arn("ec2", "instance/*")],
    instanceProfile: [arn("iam", `instance-profile/${name("instanceProfile")}`, `:${account}`)],
    key: [arn("kms", "key/*")],
    logGroup: [arn("logs", logs)],
    logStream: [arn("logs", `${logs}:log-stream:*`)],
    object: [`${bucket}/*`],
    policy: [arn("iam", `policy/${name("policyPrefix")}`, `:${account}`)],
    role: [arn("iam", `role/${name("role")}`, `:${account}`)],
    secret: [arn("secretsmanager", `secret:${name("secretPrefix")}`)],
    // Two of the alarms have EC2 act; the first such alarm of an account makes this role of AWS's own.
    serviceLinkedRole: [
      arn("iam", "role/aws-service-role/events.amazonaws.com/AWSServiceRoleForCloudWatchEvents", `:${account}`),
    ],
    topic: [arn("sns", name("topic"))],
  };
  return arns[kind];
}
