import type { z } from "zod";
import type { Issue } from "../issue";
import { isCountry } from "../numbering/dial-plan";
import { emergencyNumbers } from "../numbering/emergency";
import { pbxSchema } from "./schema";
import { DialClass, type PbxSpec, type TrunkSpec } from "./spec";

/** Either a spec that can be built or every reason why it cannot. */
export type ParsedSpec = { readonly spec: PbxSpec } | { readonly issues: readonly Issue[] };

/** Judges an untyped value as a {@link PbxSpec}; never throws, and reports all issues at once. */
export function parseSpec(input: unknown): ParsedSpec {
  const result = pbxSchema.safeParse(input);
  if (!result.success) return { issues: result.error.issues.flatMap(issuesOf) };
  const spec = result.data as PbxSpec;
  const issues = [...countryIssues(spec), ...numberIssues(spec), ...phoneIssues(spec), ...trunkIssues(spec)];
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

function numberIssues(spec: PbxSpec): Issue[] {
  const owners = new Map<string, string>();
  const emergency = new Set(isCountry(spec.country) ? emergencyNumbers(spec.country) : []);
  return Object.entries(spec.phones).flatMap(([name, { number }]) => {
    const path = `phones.${name}.number`;
    const other = owners.get(number);
    owners.set(number, name);
    if (other !== undefined)
      return [{ path, message: `"${number}" is already the number of "${other}"; give each phone its own` }];
    if (emergency.has(number))
      return [{ path, message: `"${number}" is an emergency number in ${spec.country}; choose another extension` }];
    return [];
  });
}

function phoneIssues(spec: PbxSpec): Issue[] {
  const trunks = Object.entries(spec.trunks ?? {});
  return Object.entries(spec.phones).flatMap(([name, phone]) => {
    const issues: Issue[] = [];
    if (phone.networks === undefined)
      issues.push({
        path: `phones.${name}.networks`,
        message: 'is missing; list the networks the phone registers from, for example ["198.51.100.0/24"]',
      });
    const outside = (phone.mayDial ?? []).find((dialClass) => dialClass !== DialClass.Internal);
    if (outside !== undefined && trunks.length === 0)
      issues.push({
        path: `phones.${name}.mayDial`,
        message: `"${outside}" needs a trunk; add one under trunks or remove it`,
      });
    return issues;
  });
}

function trunkIssues(spec: PbxSpec): Issue[] {
  const trunks = Object.entries(spec.trunks ?? {});
  const several =
    trunks.length > 1 ? [{ path: "trunks", message: "more than one trunk is not built yet; keep one" }] : [];
  const outward = Object.values(spec.phones).some(({ mayDial }) => mayDial?.some((c) => c !== DialClass.Internal));
  return [
    ...several,
    ...trunks.flatMap(([name, trunk]) => [
      ...serverIssues(name, trunk, outward),
      ...Object.entries(trunk.numbers ?? {}).flatMap(([did, phone]) =>
        didIssues(spec, `trunks.${name}.numbers.${did}`, did, phone),
      ),
      ...(spec.phones[name] === undefined
        ? []
        : [{ path: `trunks.${name}`, message: "has the name of a phone; give it another" }]),
    ]),
  ];
}

function serverIssues(name: string, trunk: TrunkSpec, outward: boolean): Issue[] {
  if (!outward || trunk.server !== undefined || trunk.signalling.some((network) => network.endsWith("/32"))) return [];
  return [
    {
      path: `trunks.${name}.server`,
      message: 'is missing; say which address outbound calls go to, for example "192.0.2.2"',
    },
  ];
}

function didIssues(spec: PbxSpec, path: string, did: string, phone: string): Issue[] {
  const issues: Issue[] = [];
  if (!/^\+[1-9]\d{6,14}$/.test(did))
    issues.push({
      path,
      message: `must be an E.164 number in quotes with a leading +, for example "+81312345678"; without quotes YAML drops the +`,
    });
  if (!Object.hasOwn(spec.phones, phone)) {
    const known = Object.keys(spec.phones).slice(0, 10).join(", ");
    issues.push({ path, message: `"${phone}" is not a phone of this spec; phones are ${known}` });
  }
  return issues;
}
