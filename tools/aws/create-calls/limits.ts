/** A call that moto refuses or does not know, although AWS takes it, and why. */
export interface MotoGap {
  readonly call: string;
  /** What moto says. */
  readonly message: RegExp;
  readonly reason: string;
}

const missing = (call: string, action: string): MotoGap => ({
  call,
  message: new RegExp(`NotImplementedError: The ${action} action has not been implemented`),
  reason: "moto has not this call; AWS's model of it is judged all the same",
});

/** What moto cannot do of a host. A test fails when one of them is no longer needed. */
export const motoGaps: readonly MotoGap[] = [
  missing("backup.CreateBackupSelection", "create_backup_selection"),
  missing("logs.PutQueryDefinition", "put_query_definition"),
  missing("ssm.CreateAssociation", "create_association"),
  {
    call: "s3.PutObject",
    message: /ClientError: .*\(403\).* Forbidden/,
    reason:
      "moto heeds no condition in a bucket's policy: it takes the refusal of requests without TLS for one of all requests",
  },
];

/** Arguments that are no part of a call that makes something, by type and name: what the provider does with them. */
export const providerOnly: Readonly<Record<string, string>> = {
  "aws:backup/vault:Vault forceDestroy": "empties the vault before it is removed",
  "aws:ebs/volume:Volume finalSnapshot": "makes a snapshot before the volume is removed",
  "aws:ec2/instance:Instance forceDestroy": "lifts the protection from termination before the machine is removed",
  "aws:ec2/instance:Instance userDataReplaceOnChange": "decides what a changed text does",
  "aws:ec2/volumeAttachment:VolumeAttachment stopInstanceBeforeDetaching":
    "stops the machine before the volume is detached",
  "aws:kms/key:Key deletionWindowInDays": "is said when the key is removed",
  "aws:s3/bucket:Bucket forceDestroy": "empties the bucket before it is removed",
  "aws:secretsmanager/secret:Secret recoveryWindowInDays": "is said when the secret is removed",
};

/** Patterns of AWS's models that Python's expressions cannot say, so that nothing is compared with them. */
export const unreadPatterns: readonly string[] = [
  // Names of budgets, which test/components/aws/aws-names.ts compares with a pattern of its own.
  String.raw`^(?![^:\\]*/action/|(?i).*<script>.*</script>.*)[^:\\]+$`,
];
