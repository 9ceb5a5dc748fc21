import type { Issue } from "../issue";
import { isCountry } from "../numbering/dial-plan";
import type { PbxSpec } from "./spec";

/** What is wrong with the lists of addresses that strangers are judged by. */
export function firewallIssues(spec: PbxSpec): Issue[] {
  const { firewall } = spec;
  if (firewall === undefined) return [];
  const issues = [
    ...countryIssues(firewall.allowCountries, "allow"),
    ...countryIssues(firewall.blockCountries, "block"),
  ];
  if (firewall.allowCountries !== undefined && firewall.blockCountries !== undefined)
    issues.push({
      path: "firewall.blockCountries",
      message: "does not go with allowCountries, which refuses every other country already; remove one of the two",
    });
  const feeds = firewall.feeds ?? [];
  for (const [index, name] of feeds.entries())
    if (feeds.indexOf(name) < index)
      issues.push({ path: `firewall.feeds.${index}`, message: `"${name}" is listed already; remove one of the two` });
  if (!Object.values(spec.phones).some(({ roaming }) => roaming === true))
    issues.push({
      path: "firewall",
      message: "has nobody to judge: no phone is on the road, so strangers reach no SIP port at all; remove it",
    });
  return issues;
}

function countryIssues(codes: readonly string[] | undefined, verb: "allow" | "block"): Issue[] {
  return (codes ?? []).flatMap((code, index) =>
    isCountry(code)
      ? []
      : [
          {
            path: `firewall.${verb}Countries.${index}`,
            message: `"${code}" is not a country; write a code such as "JP", "DE" or "US"`,
          },
        ],
  );
}
