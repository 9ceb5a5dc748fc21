import type { Issue } from "../issue";
import { networksOverlap } from "./fields";
import { DialClass, type PbxSpec, type TrunkSpec } from "./spec";
import { clipped } from "./structure-issues";
import { trunkTlsIssues } from "./trunk-tls-issues";

/** What is wrong with the trunks and their numbers, seen beside the phones. */
export function trunkIssues(spec: PbxSpec): Issue[] {
  const trunks = Object.entries(spec.trunks ?? {});
  const outward = Object.values(spec.phones).some(({ mayDial }) => mayDial?.some((c) => c !== DialClass.Internal));
  return [
    ...outboundIssues(spec),
    ...(outward && spec.outbound === undefined ? serverIssues(trunks) : []),
    ...overlapIssues(trunks),
    ...trunkTlsIssues(trunks),
    ...trunks.flatMap(([name, trunk]) => [
      ...Object.entries(trunk.numbers ?? {}).flatMap(([did, target]) =>
        didIssues(spec, `trunks.${name}.numbers.${did}`, did, target),
      ),
      ...(spec.phones[name] === undefined
        ? []
        : [{ path: `trunks.${name}`, message: "has the name of a phone; give it another" }]),
    ]),
  ];
}

/** A carrier is told by the address it signals from, so no address may be that of two. */
function overlapIssues(trunks: readonly (readonly [string, TrunkSpec])[]): Issue[] {
  const seen: { name: string; network: string; registered: boolean }[] = [];
  return trunks.flatMap(([name, { signalling = [], register }]) => {
    const registered = register !== undefined;
    // Two registered trunks are told apart by their registrations.
    const others = seen.filter((one) => !(one.registered && registered));
    seen.push(...signalling.map((network) => ({ name, network, registered })));
    return signalling.flatMap((network) => {
      const other = others.find((one) => networksOverlap(one.network, network));
      if (other === undefined) return [];
      const message = `"${network}" overlaps "${other.network}" of trunk "${other.name}", and a carrier is told by its address; list each carrier's own`;
      return [{ path: `trunks.${name}.signalling`, message }];
    });
  });
}

function takesCalls({ server, register, signalling = [] }: TrunkSpec): boolean {
  return server !== undefined || register !== undefined || signalling.some((network) => network.endsWith("/32"));
}

function outboundIssues({ outbound = [], trunks = {} }: PbxSpec): Issue[] {
  return outbound.flatMap((name, index) => {
    const path = `outbound.${index}`;
    const trunk = Object.hasOwn(trunks, name) ? trunks[name] : undefined;
    const known = Object.keys(trunks).join(", ") || "none";
    if (trunk === undefined)
      return [{ path, message: `"${clipped(name)}" is not a trunk of this spec; trunks are ${known}` }];
    if (outbound.indexOf(name) < index) return [{ path, message: `"${name}" is listed twice; remove one` }];
    return takesCalls(trunk) ? [] : [missingServer(name)];
  });
}

function missingServer(trunk: string): Issue {
  return {
    path: `trunks.${trunk}.server`,
    message: 'is missing; say which address outbound calls go to, for example "192.0.2.2"',
  };
}

/** Phones that may dial outside need one trunk that takes their calls. */
function serverIssues(trunks: readonly (readonly [string, TrunkSpec])[]): Issue[] {
  const [name] = trunks[0] ?? [];
  if (name === undefined || trunks.some(([, trunk]) => takesCalls(trunk))) return [];
  return [missingServer(name)];
}

function didIssues(spec: PbxSpec, path: string, did: string, target: string): Issue[] {
  const issues: Issue[] = [];
  if (!/^\+[1-9]\d{6,14}$/.test(did))
    issues.push({
      path,
      message: `must be an E.164 number in quotes with a leading +, for example "+81312345678"; without quotes YAML drops the +`,
    });
  if (!Object.hasOwn(spec.phones, target) && !Object.hasOwn(spec.groups ?? {}, target)) {
    const known = [...Object.keys(spec.groups ?? {}), ...Object.keys(spec.phones)].slice(0, 10).join(", ");
    issues.push({ path, message: `"${target}" is not a phone or group of this spec; there are ${known}` });
  }
  return issues;
}
