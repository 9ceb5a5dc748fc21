import type { Issue } from "../issue";
import { isHostName, networksOverlap } from "./fields";
import { TrunkTransport, type TrunkSpec } from "./spec";

type NamedTrunk = readonly [name: string, trunk: TrunkSpec];

const overTls = ([, { transport }]: NamedTrunk) => transport === TrunkTransport.Tls;

/** What does not go with how the trunks' signalling travels. */
export function trunkTlsIssues(trunks: readonly NamedTrunk[]): Issue[] {
  return [...trunks.flatMap(withoutTlsIssues), ...authorityIssues(trunks), ...mixedIssues(trunks)];
}

/** What only a certificate makes sound. */
function withoutTlsIssues(named: NamedTrunk): Issue[] {
  if (overTls(named)) return [];
  const [name, { server, register, ca }] = named;
  const issues: Issue[] = [];
  const servers = { server, "register.server": register?.server };
  for (const [key, value] of Object.entries(servers)) {
    if (value === undefined || !isHostName(value)) continue;
    const message = `"${value}" is not an IPv4 address, and over UDP nothing proves a name; write the address, or \`transport: "tls"\``;
    issues.push({ path: `trunks.${name}.${key}`, message });
  }
  if (ca !== undefined)
    issues.push({ path: `trunks.${name}.ca`, message: 'is for `transport: "tls"` alone; add that or remove this' });
  return issues;
}

/** All trunks share the one TLS transport of the PBX, and so its list of CAs. */
function authorityIssues(trunks: readonly NamedTrunk[]): Issue[] {
  const [first, ...others] = trunks.filter(overTls);
  if (first === undefined) return [];
  return others
    .filter(([, { ca }]) => ca !== first[1].ca)
    .map(([name]) => ({
      path: `trunks.${name}.ca`,
      message: `differs from that of trunk "${first[0]}"; all trunks over TLS are verified with one file: put both CAs into it and name it in both`,
    }));
}

/** Where UDP is let in for one account, a forged packet could be taken for the other. */
function mixedIssues(trunks: readonly NamedTrunk[]): Issue[] {
  // Only accounts may share addresses at all.
  const accounts = trunks.filter(([, { register }]) => register !== undefined);
  const plain = accounts.filter((named) => !overTls(named));
  return accounts.filter(overTls).flatMap(([name, { signalling = [] }]) =>
    signalling.flatMap((network) => {
      const other = plain.find(([, trunk]) => trunk.signalling?.some((one) => networksOverlap(one, network)));
      if (other === undefined) return [];
      const message = `"${network}" is also where trunk "${other[0]}" signals over UDP; give both \`transport: "tls"\``;
      return [{ path: `trunks.${name}.transport`, message }];
    }),
  );
}
