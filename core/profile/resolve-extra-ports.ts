import { SpecError } from "../issue";
import { portOf } from "../spec/extra-port-issues";
import type { PbxSpec } from "../spec/spec";
import type { PortRange } from "./call-limits";
import type { ExtraPortProfile } from "./profile";
import { sorted } from "./resolve-trunks";

/**
 * Ports of other programs, in the order of the spec.
 * @throws SpecError when one is among the audio ports, whose number follows the limits.
 */
export function resolveExtraPorts({ extraPorts = [] }: PbxSpec, rtp: PortRange): ExtraPortProfile[] {
  const issues = extraPorts.flatMap((entry, index) => {
    const { protocol, port } = portOf(entry);
    if (protocol !== "udp" || port < rtp.from || port > rtp.to) return [];
    const message = `${port} is one of the audio ports ${rtp.from}-${rtp.to}; give the other program another port`;
    return [{ path: `extraPorts.${index}.udp`, message }];
  });
  if (issues.length > 0) throw new SpecError(issues);
  return extraPorts.map((entry) => ({ ...portOf(entry), networks: sorted(entry.from), program: entry.program }));
}
