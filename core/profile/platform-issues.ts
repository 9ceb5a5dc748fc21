import type { Issue } from "../issue";
import type { Platform } from "../platform/platform";
import type { PbxSpec } from "../spec/spec";

/** What a spec asks for that the platform cannot do. */
export function platformIssues({ firewall }: PbxSpec, { os }: Platform): Issue[] {
  if (os.packages.countries !== undefined) return [];
  const keys = (["allowCountries", "blockCountries"] as const).filter((key) => firewall?.[key] !== undefined);
  return keys.map((key) => ({
    path: `firewall.${key}`,
    message: `needs a database of countries, and ${os.id} packages none; remove it, or use a feed of networks instead`,
  }));
}
