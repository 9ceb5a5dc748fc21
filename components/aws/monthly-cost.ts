import { hoursAMonth, instancePrices, prices, pricesIn, pricesOf, type Price } from "./prices";

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
  /** Months that logs are kept. */
  readonly logMonths: number;
}

/** One line of the estimate. */
export interface CostLine {
  readonly what: string;
  /** US dollars a month, to the cent. */
  readonly usd: number;
  readonly source: Price["source"];
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
    line("alarms", prices.alarm, chosen.alarms),
    line("dashboards", prices.dashboard, chosen.dashboards),
    line("logs, taken in", prices.ingestion, chosen.logGigabytes),
    line("logs, kept", prices.logStorage, chosen.logGigabytes * chosen.logMonths),
    line("archive, taken in", prices.firehose, chosen.logGigabytes),
    line("archive, kept", prices.objects, chosen.logGigabytes * chosen.logMonths),
  ].filter(({ usd }) => usd > 0);
  const without = ["traffic out of AWS", "queries (0.005 a GB read)", "mails", "taxes"];
  return {
    usd: Math.round(lines.reduce((sum, { usd }) => sum + usd, 0)),
    pricesOf,
    pricesIn,
    lines,
    without:
      instance === undefined ? [`the instance: no price is known for ${chosen.instanceType}`, ...without] : without,
  };
}

function line(what: string, price: Price, count: number): CostLine {
  return { what, usd: Math.round(price.usd * count * 100) / 100, source: price.source };
}
