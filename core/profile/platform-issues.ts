import type { Issue } from "../issue";
import type { OsFacts, Platform } from "../platform/platform";
import type { PbxSpec } from "../spec/spec";

/** What a spec asks for that the platform cannot do. */
export function platformIssues(spec: PbxSpec, { os }: Platform): Issue[] {
  return [...countryIssues(spec, os), ...acmeIssues(spec, os)];
}

function countryIssues({ firewall }: PbxSpec, os: OsFacts): Issue[] {
  if (os.packages.countries !== undefined) return [];
  const keys = (["allowCountries", "blockCountries"] as const).filter((key) => firewall?.[key] !== undefined);
  return keys.map((key) => ({
    path: `firewall.${key}`,
    message: `needs a database of countries, and ${os.id} packages none; remove it, or use a feed of networks instead`,
  }));
}

function acmeIssues({ tls }: PbxSpec, os: OsFacts): Issue[] {
  if (!os.acmeNeedsEmail || tls?.acme === undefined || tls.acme.email !== undefined) return [];
  const message = `is needed on ${os.id}, whose ACME client makes no account without one; add the address that the authority may write to`;
  return [{ path: "tls.acme.email", message }];
}
