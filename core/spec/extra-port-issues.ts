import type { Issue } from "../issue";
import { widthFault } from "./fields";
import type { ExtraPortSpec, PbxSpec } from "./spec";

const protocols = ["tcp", "udp"] as const;

/** Protocol and port of an entry that names exactly one of the two. */
export function portOf({ tcp, udp }: ExtraPortSpec): { readonly protocol: "tcp" | "udp"; readonly port: number } {
  return tcp === undefined ? { protocol: "udp", port: udp ?? 0 } : { protocol: "tcp", port: tcp };
}

/** Ports of other programs that cannot be, that the PBX has itself, or that are opened too wide. */
export function extraPortIssues(spec: PbxSpec): Issue[] {
  const { extraPorts = [] } = spec;
  const taken = ownPorts(spec);
  return extraPorts.flatMap((entry, index) => {
    const path = `extraPorts.${index}`;
    const wide = wideIssues(entry, path);
    if ((entry.tcp === undefined) === (entry.udp === undefined))
      return [{ path, message: "must name either tcp or udp; write one entry for each port" }, ...wide];
    const { protocol, port } = portOf(entry);
    const owner = taken.get(`${protocol} ${port}`);
    const first = extraPorts.findIndex((other) => other[protocol] === port);
    const issues: Issue[] = [];
    if (owner !== undefined)
      issues.push({
        path: `${path}.${protocol}`,
        message: `${port} belongs to ${owner}; give the other program another port`,
      });
    if (first < index)
      issues.push({
        path: `${path}.${protocol}`,
        message: `${port} is in extraPorts.${first} already; join the two, their networks in one list`,
      });
    return [...issues, ...wide];
  });
}

/** One warning for each port on each `up`: what breaks into that program is on the PBX's machine. */
export function extraPortWarnings({ extraPorts = [] }: PbxSpec): Issue[] {
  return extraPorts.map((entry, index) => {
    const { protocol, port } = portOf(entry);
    const message = `${entry.program} is reachable at ${protocol} port ${port} from ${entry.from.join(", ")}, and who breaks into it is on the PBX's machine; move it to another machine when you can`;
    return { path: `extraPorts.${index}`, message };
  });
}

function wideIssues({ from }: ExtraPortSpec, path: string): Issue[] {
  return from.flatMap((network, index) => {
    const message = widthFault(network);
    return message === undefined
      ? []
      : [{ path: `${path}.from.${index}`, message, protection: "network/require-listed-ports" }];
  });
}

/** SIP's ports are kept free even where no phone or carrier uses them yet; those of audio are known to the profile. */
function ownPorts({ sshPort = 22, tls }: PbxSpec): ReadonlyMap<string, string> {
  const sip = protocols.map((protocol) => [`${protocol} 5060`, "SIP"] as const);
  return new Map([
    ...sip,
    ["tcp 5061", "SIP over TLS"],
    [`tcp ${sshPort}`, "sshd"],
    ...(tls?.acme === undefined ? [] : [["tcp 80", "the ACME client (tls.acme)"] as const]),
  ]);
}
