import type { Issue } from "../issue";
import { isCountry } from "../numbering/dial-plan";
import { adminIssues } from "./admin-issues";
import { firewallIssues } from "./firewall-issues";
import { groupIssues } from "./group-issues";
import { overlapIssues } from "./overlap-issues";
import { phoneIssues } from "./phone-issues";
import { pbxSchema } from "./schema";
import { issuesOfSchema } from "./schema-issues";
import type { PbxSpec } from "./spec";
import { structureIssues } from "./structure-issues";
import { tlsIssues } from "./tls-issues";
import { trunkIssues } from "./trunk-issues";
import { applyWaivers } from "./waivers";

/** Either a spec that can be built, with what its waivers let through, or every reason why it cannot. */
export type ParsedSpec =
  { readonly spec: PbxSpec; readonly warnings: readonly Issue[] } | { readonly issues: readonly Issue[] };

/** Judges an untyped value as a {@link PbxSpec}, its waivers as of `now`; never throws, and reports all issues at once. */
export function parseSpec(input: unknown, now: Date): ParsedSpec {
  const structure = structureIssues(input);
  if (structure.final) return { issues: structure.issues };
  const result = pbxSchema.safeParse(input);
  if (!result.success) {
    // Waivers are heard only once the spec is sound.
    const wide = adminIssues(input);
    return { issues: together(structure.issues, [...issuesOfSchema(pbxSchema, result.error), ...wide]) };
  }
  const spec = result.data as PbxSpec;
  const found = together(structure.issues, [
    ...adminIssues(spec),
    ...countryIssues(spec),
    ...phoneIssues(spec),
    ...groupIssues(spec),
    ...trunkIssues(spec),
    ...overlapIssues(spec),
    ...tlsIssues(spec),
    ...firewallIssues(spec),
  ]);
  const { issues, warnings } = applyWaivers(found, spec.waivers ?? [], now);
  return issues.length === 0 ? { spec, warnings } : { issues };
}

/** One place is named once. */
function together(first: readonly Issue[], more: readonly Issue[]): readonly Issue[] {
  const named = new Set(first.map(({ path }) => path));
  return [...first, ...more.filter(({ path }) => !named.has(path))];
}

function countryIssues({ country }: PbxSpec): Issue[] {
  if (isCountry(country)) return [];
  return [
    {
      path: "country",
      message: `"${country}" is not a country with a numbering plan; write a code such as "JP", "DE" or "US"`,
    },
  ];
}
