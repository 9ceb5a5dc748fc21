import { billing } from "./aws-billing";
import type { Made } from "../../controls/cloud/cloud-control";

/** Why a host on AWS has resources of each type: one line a type, without which a resource is not to be made. */
export const reasons: Readonly<Record<string, string>> = {
  "backup:Plan": "a copy of the data volume every night, kept for 35 days",
  "backup:Selection": "names the data volume, and nothing else, for the plan",
  "backup:Vault": "keeps the copies under the key of data; not emptied by `pulumi destroy`",
  "budgets:Budget": "tells when the account costs more than expected (only with `monthlyBudgetUsd`)",
  "cloudwatch:Dashboard": "calls, attacks and the machine on one page",
  "cloudwatch:EventRule":
    "notices what no metric shows: an activation or a backup that failed, a session that is not logged",
  "cloudwatch:EventTarget": "sends it to the topic",
  "cloudwatch:LogGroup":
    "one for each stream of logs, so that each has its readers; flows, sessions and the archive's own failures",
  "cloudwatch:LogMetricFilter": "counts one kind of event in the logs",
  "cloudwatch:LogStream": "where the archive says what it could not write",
  "cloudwatch:LogSubscriptionFilter": "sends one stream of logs to the archive as it is written",
  "cloudwatch:MetricAlarm": "tells of one event, or of silence; two of them recover or reboot the machine",
  "cloudwatch:QueryDefinition": "one saved question of those that are asked after a break-in",
  "ebs:Volume": "what outlives the machine: the private CA, registrations, call records",
  "ec2:DefaultSecurityGroup": "empties the group that every VPC is born with",
  "ec2:Eip": "the address that carriers and phones know",
  "ec2:EipAssociation": "puts the address on the interface",
  "ec2:FlowLog": "who spoke with the machine, let through or refused",
  "ec2:Instance": "the machine",
  "ec2:InternetGateway": "the way to carriers and phones",
  "ec2:ManagedPrefixList":
    "the networks of phones, of carriers and of their audio: a network more changes one list and no rule",
  "ec2:NetworkAcl": "a second filter in front of the machine, which a mistake in a group does not open",
  "ec2:NetworkAclRule": "one line of it; never SSH or RDP",
  "ec2:NetworkInterface": "carries address and groups over to a machine in this one's place",
  "ec2:Route": "to the internet gateway",
  "ec2:RouteTable": "the subnet's own, so that the VPC's main table leads nowhere",
  "ec2:RouteTableAssociation": "gives the table to the subnet",
  "ec2:SecurityGroup": "carriers' SIP, carriers' audio, phones: three, so that each has 60 rules of its own",
  "ec2:Subnet": "where the machine stands; gives out no public address",
  "ec2:VolumeAttachment": "puts the data volume on the machine",
  "ec2:Vpc": "a network that holds this machine alone",
  "iam:InstanceProfile": "gives the machine its role",
  "iam:Policy": "what one role may do, of our own: those of AWS's allow more",
  "iam:Role": "one each for the machine, flow logs, backups, restores, and the archive's two ends",
  "iam:RolePolicyAttachment": "gives a policy to its role",
  "kinesis:FirehoseDeliveryStream": "takes logs to the archive",
  "kms:Key": "one each for data, logs and secrets, so that who may read logs opens no volume",
  "s3:Bucket": "what is delivered to the machine, the archive of logs, and who touched the two",
  "s3:BucketLifecycleConfiguration": "ends half uploads and what is past its time",
  "s3:BucketLogging": "records who touches the bucket",
  "s3:BucketNotification": "events of the bucket for whoever wants to hear them",
  "s3:BucketObjectLockConfiguration": "an archived log is removed by nobody before its time",
  "s3:BucketObjectv2": "the program and the configuration that the machine fetches, named by their sha256",
  "s3:BucketOwnershipControls": "no access lists beside the policy",
  "s3:BucketPolicy": "TLS only",
  "s3:BucketPublicAccessBlock": "never public, whatever a policy says",
  "s3:BucketServerSideEncryptionConfiguration": "encrypted under a key of ours",
  "s3:BucketVersioning": "what is overwritten can be had back",
  "secretsmanager:Secret": "digests and keys that the machine alone reads",
  "secretsmanager:SecretVersion": "their values; a changed one is delivered",
  "sns:TopicSubscription": "one mail address that alarms go to (only with `alarmEmails`)",
  "sns:Topic": "where alarms go",
  "sns:TopicPolicy": "who may write there, over TLS only",
  "ssm:Association":
    "has the machine fetch, activate and confirm its configuration, and mend what drifted every 30 minutes",
  "ssm:Document": "what is run to that end, and how a person's session is encrypted and written down",
  "vpc:SecurityGroupEgressRule": "one thing that may leave, by what it says",
  "vpc:SecurityGroupIngressRule": "one thing that may come in, by what it says",
};

const shortType = (type: string) => type.replace(/^aws:([^/]+)\/[^:]+:/, "$1:");

/** How a type is billed, for people. @throws Error for a type of which nobody says it. */
function billed(type: string): string {
  const bill = billing[type];
  if (bill === undefined)
    throw new Error(`${type} is made, and tools/gen/aws-billing.ts does not say how it is billed`);
  return "lines" in bill ? bill.lines.map((line) => `**${line}**`).join(", ") : bill.free;
}

/** The page that counts and justifies what a host on AWS is made of. @throws Error when a type has no reason. */
export function awsResourcesPage(judged: readonly Made[]): string {
  // Questions to AWS stand among them for the judges; nothing is made by one.
  const made = judged.filter(({ type }) => !/:get[A-Z][A-Za-z]*$/.test(type));
  const counts = new Map<string, number>();
  for (const { type } of made) counts.set(shortType(type), (counts.get(shortType(type)) ?? 0) + 1);
  const rows = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, count]) => {
      const reason = reasons[type];
      if (reason === undefined)
        throw new Error(`${type} is made, and tools/gen/aws-resources-page.ts does not say why`);
      return `| \`${type}\` | ${count} | ${reason} | ${billed(type)} |`;
    });
  return [
    "# What a host on AWS is made of",
    "",
    "Generated by `UPDATE_GOLDEN=1 npx jest --runTestsByPath test/components/aws/resources-page.test.ts`.",
    "",
    `The small office of \`stacks/aws-minimal\` has **${made.length} resources**. About half of them are rules, filters and alarms.`,
    "",
    "| type | number | why | lines of `estimatedMonthlyCost`, or why it costs nothing |",
    "|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}
