import type { Issue } from "../issue";
import { emergencyIssue } from "./emergency-issue";
import type { GroupSpec, PbxSpec } from "./spec";

/** What is wrong with the groups, seen beside the phones, the trunks and one another. */
export function groupIssues(spec: PbxSpec): Issue[] {
  const owners = new Map(Object.entries(spec.phones).map(([name, { number }]) => [number, name]));
  return Object.entries(spec.groups ?? {}).flatMap(([name, group]) => {
    const issues = [...nameIssues(spec, name), ...memberIssues(spec, name, group)];
    const path = `groups.${name}.number`;
    const owner = owners.get(group.number);
    owners.set(group.number, name);
    const emergency = emergencyIssue(path, group.number, spec.country);
    if (owner !== undefined)
      issues.push({ path, message: `"${group.number}" is already the number of "${owner}"; give the group its own` });
    else if (emergency !== undefined) issues.push(emergency);
    return issues;
  });
}

function nameIssues(spec: PbxSpec, name: string): Issue[] {
  if (!Object.hasOwn(spec.phones, name)) return [];
  return [{ path: `groups.${name}`, message: "has the name of a phone; give it another" }];
}

function memberIssues(spec: PbxSpec, name: string, { phones }: GroupSpec): Issue[] {
  const seen = new Set<string>();
  return phones.flatMap((phone, index) => {
    const path = `groups.${name}.phones.${index}`;
    if (seen.has(phone)) return [{ path, message: `"${phone}" is listed twice; remove one` }];
    seen.add(phone);
    if (Object.hasOwn(spec.phones, phone)) return [];
    const known = Object.keys(spec.phones).slice(0, 10).join(", ");
    return [{ path, message: `"${phone}" is not a phone of this spec; phones are ${known}` }];
  });
}
