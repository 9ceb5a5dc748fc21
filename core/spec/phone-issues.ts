import type { Issue } from "../issue";
import { emergencyIssue } from "./emergency-issue";
import { extensionField } from "./fields";
import { DialClass, PhoneTransport, type PbxSpec, type PhoneSpec } from "./spec";

/** What is wrong with the phones, each by itself and beside one another. */
export function phoneIssues(spec: PbxSpec): Issue[] {
  const outward = Object.keys(spec.trunks ?? {}).length > 0;
  return [
    ...numberIssues(spec),
    ...sipUserIssues(spec),
    ...Object.entries(spec.phones).flatMap(([name, phone]) => [
      ...reachIssues(`phones.${name}`, phone),
      ...dialIssues(`phones.${name}.mayDial`, phone, outward),
    ]),
  ];
}

function numberIssues(spec: PbxSpec): Issue[] {
  const owners = new Map<string, string>();
  return Object.entries(spec.phones).flatMap(([name, { number }]) => {
    const path = `phones.${name}.number`;
    const other = owners.get(number);
    owners.set(number, name);
    if (other !== undefined)
      return [{ path, message: `"${number}" is already the number of "${other}"; give each phone its own` }];
    return emergencyIssue(path, number, spec.country) ?? [];
  });
}

function sipUserIssues(spec: PbxSpec): Issue[] {
  // A trunk has a second endpoint for emergency calls, `NAME.emergency`.
  const trunks = Object.keys(spec.trunks ?? {}).flatMap((trunk) => [trunk, `${trunk}.emergency`, `${trunk}.endpoint`]);
  const taken = new Set([...Object.keys(spec.phones), ...trunks]);
  const extensions = new Map(
    [...Object.entries(spec.phones), ...Object.entries(spec.groups ?? {})].map(([name, of]) => [of.number, name]),
  );
  return Object.entries(spec.phones).flatMap(([name, { number, sipUser }]) => {
    if (sipUser === undefined) return [];
    const path = `phones.${name}.sipUser`;
    const known = taken.has(sipUser);
    taken.add(sipUser);
    if (known)
      return [
        {
          path,
          message: `"${sipUser}" is taken already; SIP user names differ from one another and from every phone's and trunk's name`,
        },
      ];
    const guessed = guessedFirst(sipUser, number, extensions);
    return guessed === undefined
      ? []
      : [
          {
            path,
            message: `"${sipUser}" is ${guessed}, the first thing a thief tries; leave sipUser out or choose another`,
          },
        ];
  });
}

/** Why thieves, who try extensions from 10 to 999999 one after the other, would try this user name; undefined when not. */
function guessedFirst(sipUser: string, number: string, extensions: ReadonlyMap<string, string>): string | undefined {
  if (sipUser === number) return "the extension";
  const owner = extensions.get(sipUser);
  if (owner !== undefined) return `the extension of "${owner}"`;
  return extensionField.safeParse(sipUser).success ? "a number that could be an extension" : undefined;
}

/** How a phone is reached: from listed networks, or on the road over TLS. */
function reachIssues(path: string, phone: PhoneSpec): Issue[] {
  if (phone.roaming !== true) {
    if (phone.networks !== undefined) return [];
    const message =
      'is missing; list the networks the phone registers from, for example ["198.51.100.0/24"], or say `roaming: true` for a phone on the road';
    return [{ path: `${path}.networks`, message }];
  }
  const issues: Issue[] = [];
  if (phone.networks !== undefined)
    issues.push({
      path: `${path}.roaming`,
      message: "does not go with `networks`: a phone is either listed or on the road; remove one of the two",
    });
  if (phone.transport !== undefined && phone.transport !== PhoneTransport.Tls)
    issues.push({
      path: `${path}.transport`,
      message: `"${phone.transport}" is not for a phone on the road, because its sender can be forged; remove it, TLS is the default there`,
      ...(phone.transport === PhoneTransport.Udp ? { protection: "network/require-listed-sip" } : {}),
    });
  return issues;
}

function dialIssues(path: string, phone: PhoneSpec, outward: boolean): Issue[] {
  const outside = (phone.mayDial ?? []).find((dialClass) => dialClass !== DialClass.Internal);
  if (outside === undefined || outward) return [];
  return [{ path, message: `"${outside}" needs a trunk; add one under trunks or remove it` }];
}
