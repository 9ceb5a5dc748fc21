import type { Issue } from "../issue";
import { isCountry } from "../numbering/dial-plan";
import { adminIssues } from "./admin-issues";
import { carrierIssues, carrierWarnings, withCarrierNetworks } from "./carrier-networks";
import { extraPortIssues, extraPortWarnings } from "./extra-port-issues";
import { firewallIssues } from "./firewall-issues";
import { groupIssues } from "./group-issues";
import { overlapIssues } from "./overlap-issues";
import { phoneIssues } from "./phone-issues";
import { pbxSchema, sealedPbxSchema } from "./schema";
import { issuesOfSchema } from "./schema-issues";
import type { PbxSpec } from "./spec";
import { structureIssues } from "./structure-issues";
import { tlsIssues } from "./tls-issues";
import { trunkIssues } from "./trunk-issues";
import { applyWaivers } from "./waivers";

/** Either a spec that can be built, with what its waivers let through, or every reason why it cannot. */
export type ParsedSpec =
  { readonly spec: PbxSpec; readonly warnings: readonly Issue[] } | { readonly issues: readonly Issue[] };

/** How the host of a spec is reached. */
export interface HostAccess {
  /** False for a machine that nobody logs into over SSH: the spec then names no `admins`. Default: true. */
  readonly ssh?: boolean;
}

/** Judges an untyped value as a {@link PbxSpec}, its waivers as of `now`; never throws, and reports all issues at once. */
export function parseSpec(input: unknown, now: Date, { ssh = true }: HostAccess = {}): ParsedSpec {
  const structure = structureIssues(input);
  if (structure.final) return { issues: structure.issues };
  const schema = ssh ? pbxSchema : sealedPbxSchema;
  const result = schema.safeParse(withCarrierNetworks(input));
  if (!result.success) {
    // Waivers are heard only once the spec is sound.
    const wide = ssh ? adminIssues(input) : [];
    return { issues: together(structure.issues, [...issuesOfSchema(schema, result.error), ...wide]) };
  }
  const spec: PbxSpec = { ...(result.data as PbxSpec), ...(ssh ? {} : { admins: [] }) };
  const found = together(structure.issues, [
    ...adminIssues(spec),
    ...countryIssues(spec),
    ...phoneIssues(spec),
    ...groupIssues(spec),
    ...trunkIssues(spec),
    ...carrierIssues(spec),
    ...overlapIssues(spec),
    ...tlsIssues(spec),
    ...firewallIssues(spec),
    ...extraPortIssues(spec),
  ]);
  const { issues, warnings } = applyWaivers(found, spec.waivers ?? [], now);
  if (issues.length > 0) return { issues };
  return { spec, warnings: [...warnings, ...carrierWarnings(input, spec, now), ...extraPortWarnings(spec)] };
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
