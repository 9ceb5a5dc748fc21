import table from "./emergency.json";

/**
 * Emergency numbers of a country, for example `["110", "119"]` for JP; empty where the table has none.
 * Source: google-libphonenumber 3.2.47, ShortNumberInfo (`npm run generate`).
 */
export function emergencyNumbers(country: string): readonly string[] {
  return Object.hasOwn(table, country) ? ((table as Record<string, string[]>)[country] ?? []) : [];
}
