import chimeVoiceConnector from "./chime-voice-connector.json";
import flowroute from "./flowroute.json";
import telnyx from "./telnyx.json";
import twilio from "./twilio.json";
import vonage from "./vonage.json";

/** Networks of a carrier in one of its regions. */
export interface CarrierRegion {
  readonly signalling: readonly string[];
  /** Absent for a carrier whose audio comes straight from whoever carries the call. */
  readonly media?: readonly string[];
}

/** Addresses that a carrier says it signals and sends audio from, as of one day. */
export interface CarrierPreset {
  /** For people. */
  readonly name: string;
  /** Day on which they were looked at, for example `2026-11-22`. */
  readonly taken: string;
  /** Where the carrier, or whoever publishes its addresses, says so. */
  readonly source: string;
  readonly regions: Readonly<Record<string, CarrierRegion>>;
}

/** The carriers whose addresses are known, by the name a trunk's `carrier` has. */
export const carrierPresets: Readonly<Record<string, CarrierPreset>> = {
  twilio,
  telnyx,
  vonage,
  flowroute,
  "chime-voice-connector": chimeVoiceConnector,
};

/** Networks of some regions of a carrier together, each once; `media` is absent where no region has any. */
export function carrierNetworks({ regions }: CarrierPreset, wanted: readonly string[] | undefined): CarrierRegion {
  const chosen = Object.entries(regions).filter(([region]) => wanted?.includes(region) ?? true);
  const of = (key: keyof CarrierRegion) => [...new Set(chosen.flatMap(([, region]) => region[key] ?? []))];
  const media = of("media");
  return { signalling: of("signalling"), ...(media.length === 0 ? {} : { media }) };
}

const day = 24 * 60 * 60 * 1000;

/** Whether a preset was looked at more than a year before `now`. */
export function isStale({ taken }: CarrierPreset, now: Date): boolean {
  return now.getTime() - Date.parse(taken) > 366 * day;
}
