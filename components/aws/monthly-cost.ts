import { isBurstable } from "./architecture";
import { detailedMetrics, hoursAMonth, instancePrices, prices, pricesIn, pricesOf, type Price } from "./prices";

/** How much of each thing was chosen. */
export interface Chosen {
  readonly instanceType: string;
  /** GB of all volumes. */
  readonly volumeGigabytes: number;
  /** GB of snapshots that backups keep; they hold what changed, so about the volumes' size. */
  readonly snapshotGigabytes: number;
  readonly addresses: number;
  readonly keys: number;
  readonly secrets: number;
  readonly metrics: number;
  readonly alarms: number;
  /** Beyond the account's first three. */
  readonly dashboards: number;
  /** GB of logs a month. */
  readonly logGigabytes: number;
  /** GB of flow logs a month; 0 in a network of the caller's. */
  readonly flowGigabytes: number;
  /** Months that logs are kept. */
  readonly logMonths: number;
}

/** One line of the estimate. */
export interface CostLine {
  readonly what: string;
  /** US dollars a month, to the cent. */
  readonly usd: number;
  /** How many units of {@link CostLine.per}. */
  readonly quantity: number;
  readonly per: string;
  readonly source: Price["source"];
  /** What was read, and of which day the price is. */
  readonly from: string;
  readonly asOf: string;
}

/** An estimate, not an offer: prices on demand of one day and one region, without traffic, taxes and calls. */
export interface MonthlyCost {
  /** US dollars, whole. */
  readonly usd: number;
  readonly pricesOf: string;
  readonly pricesIn: string;
  readonly lines: readonly CostLine[];
  /** What is not in it. */
  readonly without: readonly string[];
}

/** Estimates a month. An instance type without a price is said to be missing rather than taken for nothing. */
export function monthlyCost(chosen: Chosen): MonthlyCost {
  const instance = instancePrices[chosen.instanceType];
  const lines = [
    ...(instance === undefined ? [] : [line(chosen.instanceType, instance, hoursAMonth)]),
    line("public address", prices.address, chosen.addresses),
    line("volumes", prices.volume, chosen.volumeGigabytes),
    line("snapshots", prices.snapshot, chosen.snapshotGigabytes),
    line("keys", prices.key, chosen.keys),
    line("secrets", prices.secret, chosen.secrets),
    line("metrics", prices.metric, chosen.metrics),
    line("detailed monitoring", prices.metric, detailedMetrics),
    line("alarms", prices.alarm, chosen.alarms),
    line("dashboards", prices.dashboard, chosen.dashboards),
    line("logs, taken in", prices.ingestion, chosen.logGigabytes),
    line("flow logs, taken in", prices.vendedIngestion, chosen.flowGigabytes),
    line("logs, kept", prices.logStorage, (chosen.logGigabytes + chosen.flowGigabytes) * chosen.logMonths),
    line("archive, taken in", prices.firehose, chosen.logGigabytes),
    line("archive, kept", prices.objects, chosen.logGigabytes * chosen.logMonths),
  ].filter(({ usd }) => usd > 0);
  return {
    usd: Math.round(lines.reduce((sum, { usd }) => sum + usd, 0)),
    pricesOf,
    pricesIn,
    lines,
    without: without(chosen.instanceType),
  };
}

function line(what: string, { usd, per, source, from, asOf }: Price, quantity: number): CostLine {
  const cents = Math.round(usd * quantity * 100) / 100;
  return { what, usd: cents, quantity: Math.round(quantity * 10) / 10, per, source, from, asOf };
}

/** What depends on use, is below a dollar, or is unknown. */
function without(instanceType: string): string[] {
  return [
    ...(instancePrices[instanceType] === undefined ? [`the instance: no price is known for ${instanceType}`] : []),
    // None while it uses what its type earns; an alarm tells when that changes.
    ...(isBurstable(instanceType)
      ? [`surplus CPU credits (at most ${prices.surplusCredits.usd} a vCPU and hour)`]
      : []),
    "traffic out of AWS",
    `queries (${prices.query.usd} a GB read)`,
    "requests to S3, KMS and Secrets Manager, and what is delivered (less than a dollar)",
    "mails beyond the first thousand",
    "taxes",
  ];
}
