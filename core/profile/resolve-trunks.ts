import type { DialPlan } from "../numbering/dial-plan";
import { spellingsOf } from "../numbering/spellings";
import { TrunkTransport, type PbxSpec, type TrunkSpec } from "../spec/spec";
import type { InboundNumber, RegistrationProfile, TrunkProfile } from "./profile";

/** Defaults: the spec wins over them. */
const defaults = { trunkTransport: TrunkTransport.Udp, signallingPorts: { udp: 5060, tls: 5061 } } as const;

/** Every carrier of a spec, in the order in which an outbound call tries them. */
export function resolveTrunks(spec: PbxSpec, plan: DialPlan): TrunkProfile[] {
  return inOrder(spec).map(([name, trunk]) => ({
    name,
    signalling: sorted(trunk.signalling ?? []),
    media: sorted(trunk.media ?? trunk.signalling ?? []),
    transport: trunk.transport ?? defaults.trunkTransport,
    server: spec.outbound?.includes(name) === false ? undefined : serverOf(trunk),
    registration: registrationOf(trunk),
    numbers: resolveNumbers(spec, trunk, plan),
  }));
}

/** As listed in `outbound`, then by name: the order in which the spec names its trunks is lost in a stack's configuration. */
function inOrder({ trunks = {}, outbound = [] }: PbxSpec): [string, TrunkSpec][] {
  const listed = outbound.flatMap((name): [string, TrunkSpec][] =>
    trunks[name] === undefined ? [] : [[name, trunks[name]]],
  );
  const others = Object.entries(trunks).filter(([name]) => !outbound.includes(name));
  return [...listed, ...others.sort(([a], [b]) => (a < b ? -1 : 1))];
}

function registrationOf({ register, transport }: TrunkSpec): RegistrationProfile | undefined {
  return register && { server: withPort(register.server, transport), user: register.user, realm: register.realm };
}

function serverOf(trunk: TrunkSpec): string | undefined {
  const single = trunk.signalling?.find((network) => network.endsWith("/32"))?.slice(0, -"/32".length);
  const server = trunk.server ?? trunk.register?.server ?? single;
  return server === undefined ? undefined : withPort(server, trunk.transport);
}

function withPort(server: string, transport: TrunkTransport = defaults.trunkTransport): string {
  return server.includes(":") ? server : `${server}:${defaults.signallingPorts[transport]}`;
}

/** A carrier that knows one number of an account may send its calls to the account's user instead. */
function resolveNumbers(spec: PbxSpec, { numbers = {}, register }: TrunkSpec, plan: DialPlan): InboundNumber[] {
  const spellings = spellingsOf(Object.keys(numbers), plan);
  const all = Object.entries(numbers).map(([e164, target]) => ({
    e164,
    spellings: spellings.get(e164) ?? [],
    extension: (spec.phones[target] ?? spec.groups?.[target])?.number ?? "",
  }));
  if (register === undefined || all.length !== 1) return all;
  return all.map((one) => ({ ...one, spellings: [...new Set([...one.spellings, register.user])] }));
}

/** Each once, in the order of their texts, so that the same spec gives the same files. */
export function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
