import { writeFileSync } from "node:fs";
import path from "node:path";
import { ShortNumberInfo, type RegionCode } from "google-libphonenumber";
import metadata from "libphonenumber-js/metadata.max.json";
import { format } from "prettier";

const longest = 5;

function emergencyNumbersOf(info: ShortNumberInfo, country: RegionCode): string[] {
  const found: string[] = [];
  for (let digits = 2; digits <= longest; digits++) {
    for (let value = 0; value < 10 ** digits; value++) {
      const number = String(value).padStart(digits, "0");
      if (info.isEmergencyNumber(number, country)) found.push(number);
    }
  }
  return found;
}

/** Writes `core/numbering/emergency.json`: country → emergency numbers, from google-libphonenumber's ShortNumberInfo. */
export async function generateEmergencyNumbers(file: string): Promise<void> {
  const info = new ShortNumberInfo();
  const table: Record<string, string[]> = {};
  for (const country of (Object.keys(metadata.countries) as RegionCode[]).sort()) {
    const numbers = emergencyNumbersOf(info, country);
    if (numbers.length > 0) table[country] = numbers;
  }
  writeFileSync(file, await format(JSON.stringify(table), { parser: "json", printWidth: 120 }));
}

if (require.main === module) void generateEmergencyNumbers(path.join(__dirname, "../../core/numbering/emergency.json"));
