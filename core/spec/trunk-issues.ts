import type { Issue } from "../issue";
import { DialClass, type PbxSpec, type TrunkSpec } from "./spec";

/** What is wrong with the trunks and their numbers, seen beside the phones. */
export function trunkIssues(spec: PbxSpec): Issue[] {
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
