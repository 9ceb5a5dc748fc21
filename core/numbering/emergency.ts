import { emergencyCorrections } from "./emergency-corrections";
import table from "./emergency.json";

/**
 * Numbers that a mobile phone treats as emergency calls in every country.
 * Source: 3GPP TS 22.101, section 10.1.1: 112 and 911 always; 000, 08, 110, 999, 118 and 119 without a SIM.
 * A visitor dials them out of habit, so no extension may have them.
 */
export const worldwideEmergencyNumbers: readonly string[] = ["000", "08", "110", "112", "118", "119", "911", "999"];

/**
 * Emergency numbers of a country, sorted, for example `["110", "118", "119"]` for JP; empty where the table has none.
 * Source: google-libphonenumber 3.2.47, ShortNumberInfo (`npm run generate`), with the corrections of
 * `emergency-corrections.ts`.
 */
export function emergencyNumbers(country: string): readonly string[] {
  const generated = ownEntry<readonly string[]>(table, country) ?? [];
  const { add = [], remove = [] } = ownEntry(emergencyCorrections, country) ?? {};
  const kept = generated.filter((number) => !remove.includes(number));
  return [...new Set([...kept, ...add])].sort();
}

function ownEntry<T>(entries: Readonly<Record<string, T>>, country: string): T | undefined {
  return Object.hasOwn(entries, country) ? entries[country] : undefined;
}
