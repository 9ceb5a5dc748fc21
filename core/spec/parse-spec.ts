import type { z } from "zod";
import type { Issue } from "../issue";
import { isCountry } from "../numbering/dial-plan";
import { pbxSchema } from "./schema";
import { phoneIssues } from "./phone-issues";
import type { PbxSpec } from "./spec";
import { trunkIssues } from "./trunk-issues";

/** Either a spec that can be built or every reason why it cannot. */
export type ParsedSpec = { readonly spec: PbxSpec } | { readonly issues: readonly Issue[] };

/** Judges an untyped value as a {@link PbxSpec}; never throws, and reports all issues at once. */
export function parseSpec(input: unknown): ParsedSpec {
  const result = pbxSchema.safeParse(input);
  if (!result.success) return { issues: result.error.issues.flatMap(issuesOf) };
  const spec = result.data as PbxSpec;
  const issues = [...countryIssues(spec), ...phoneIssues(spec), ...trunkIssues(spec)];
  return issues.length === 0 ? { spec } : { issues };
}

function issuesOf(issue: z.core.$ZodIssue): Issue[] {
  const path = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      path: path === "" ? key : `${path}.${key}`,
      message: "is not a known key; check its spelling",
    }));
  if (issue.code === "invalid_key") return issue.issues.map((inner) => ({ path, message: inner.message }));
  if (issue.code === "invalid_type" && issue.input === undefined && /received undefined/.test(issue.message))
    return [{ path, message: "is missing" }];
  return [{ path, message: issue.message }];
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
