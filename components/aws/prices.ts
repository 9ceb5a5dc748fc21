/** Where a price comes from: `documented` in a text of AWS's that was read, or only `recalled` and to be checked. */
export type PriceSource = "documented" | "recalled";

/** US dollars for one unit. */
export interface Price {
  readonly usd: number;
  readonly per: string;
  readonly source: PriceSource;
}

const recalled = (usd: number, per: string): Price => ({ usd, per, source: "recalled" });
const documented = (usd: number, per: string): Price => ({ usd, per, source: "documented" });

/** The day the prices are of. */
export const pricesOf = "2026-11-22";

/** The region they are of; others differ by a tenth to a half. */
export const pricesIn = "us-east-1";

/** Prices on demand, without taxes and free tiers but that of dashboards. */
export const prices = {
  address: recalled(3.65, "public IPv4 address a month"),
  volume: recalled(0.08, "GB of gp3 a month"),
  snapshot: recalled(0.05, "GB of snapshots a month"),
  key: recalled(1, "KMS key a month"),
  secret: recalled(0.4, "secret a month"),
  ingestion: documented(0.5, "GB of logs"),
  logStorage: recalled(0.03, "GB of logs a month"),
  metric: documented(0.3, "custom metric a month"),
  alarm: recalled(0.1, "alarm a month"),
  dashboard: documented(3, "dashboard a month after the first three"),
  firehose: recalled(0.029, "GB through Firehose"),
  objects: recalled(0.023, "GB in S3 a month"),
} as const satisfies Readonly<Record<string, Price>>;

/** Hours a month, as AWS counts them. */
export const hoursAMonth = 730;

/** Linux on demand, an hour. */
export const instancePrices: Readonly<Record<string, Price>> = {
  "t3.micro": recalled(0.0104, "hour"),
  "t3.small": recalled(0.0208, "hour"),
  "t3.medium": recalled(0.0416, "hour"),
  "t3a.small": recalled(0.0188, "hour"),
  "t4g.small": recalled(0.0168, "hour"),
  "c6i.large": recalled(0.085, "hour"),
  "c7g.medium": recalled(0.0363, "hour"),
  "c7g.large": recalled(0.0725, "hour"),
  "m6i.large": recalled(0.096, "hour"),
};
