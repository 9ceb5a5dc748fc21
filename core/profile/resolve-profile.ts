import { dialPlanFor, type DialPlan, type OutsideClass } from "../numbering/dial-plan";
import { emergencyNumbers } from "../numbering/emergency";
import type { Platform } from "../platform/platform";
import { isWide } from "../spec/fields";
import {
  DialClass,
  DigestAlgorithm,
  PhoneTransport,
  TrunkTransport,
  type LogsSpec,
  type PbxSpec,
  type TrunkSpec,
} from "../spec/spec";
import type {
  DialContext,
  InboundNumber,
  LogsProfile,
  OutsideCallerId,
  PbxProfile,
  PhoneProfile,
  RegistrationProfile,
  TrunkProfile,
} from "./profile";
import { isRoaming, pemLines, resolveTls } from "./resolve-tls";

/** Required values: no spec changes them. */
const required = { realm: "pbx", sipPort: 5060, rtpFrom: 10_000 } as const;

/** Defaults: the spec wins over them. */
const defaults = {
  calls: 2,
  callMinutes: 60,
  phoneCalls: 4,
  sshPort: 22,
  rollbackSeconds: 120,
  restartWithCalls: false,
  trunkTransport: TrunkTransport.Udp,
  signallingPorts: { udp: 5060, tls: 5061 },
} as const;

/** Sizes a PBX grows by. Each step changes the audio ports and descriptors and so needs a restart; between two steps, phones come and go without one. */
const callSteps = [25, 100, 250, 500, 1000];

const timeouts = { ringSeconds: 60, silentCallSeconds: 60 };

/** What the resolver learns from beside the spec. */
export interface ProfileContext {
  readonly platform: Platform;
  /** True when the host is told an address other than its own. Default: false. */
  readonly externalAddress?: boolean;
}

/** Makes every decision the spec leaves open; *defaults < spec < required*. Expects a spec that `parseSpec` accepted. */
export function resolveProfile(spec: PbxSpec, { platform, externalAddress = false }: ProfileContext): PbxProfile {
  const plan = dialPlanFor(spec.country);
  const trunks = resolveTrunks(spec, plan);
  const outward = trunks.some(({ server }) => server !== undefined);
  const phones = resolvePhones(spec, trunks);
  const limits = resolveLimits(spec, phones.length);
  return {
    platform,
    country: spec.country,
    admins: sorted(spec.admins),
    sshPort: spec.sshPort ?? defaults.sshPort,
    sipPort: required.sipPort,
    realm: required.realm,
    digest: spec.digest ?? DigestAlgorithm.Md5,
    tls: resolveTls(spec, phones),
    logs: spec.logs && resolveLogs(spec.logs),
    phones,
    groups: Object.entries(spec.groups ?? {}).map(([name, { number, phones }]) => ({ name, number, phones })),
    trunks,
    dialContexts: dialContexts(spec, outward),
    dialRules: outward ? plan.rules : { national: [], mobile: [] },
    emergencyNumbers: outward ? emergencyNumbers(spec.country) : [],
    limits,
    // Two legs a call, two ports a leg, and twice that, so that a port just freed is not reused at once.
    rtp: { from: required.rtpFrom, to: required.rtpFrom + limits.allCalls * 8 - 1 },
    timeouts,
    externalAddress,
    roamingOverUdp: phones.some((phone) => isRoaming(phone) && phone.transport === PhoneTransport.Udp),
    neverBannedAdmins: sorted(spec.admins.filter((network) => !isWide(network))),
    rollbackSeconds: spec.rollbackSeconds ?? defaults.rollbackSeconds,
    restartWithCalls: spec.restartWithCalls ?? defaults.restartWithCalls,
  };
}

function resolveLimits(spec: PbxSpec, phones: number): PbxProfile["limits"] {
  const calls = spec.limits?.calls ?? defaults.calls;
  const allCalls = callSteps.find((step) => step >= calls + phones) ?? 1000;
  // A bridged call holds about 10 descriptors (measured); the rest is for connections and logs.
  return {
    calls,
    phoneCalls: spec.limits?.phoneCalls ?? defaults.phoneCalls,
    callSeconds: (spec.limits?.callMinutes ?? defaults.callMinutes) * 60,
    allCalls,
    openFiles: 1024 + allCalls * 12,
    memoryMegabytes: 512 + allCalls * 4,
    tasks: 256 + allCalls * 4,
  };
}

function resolvePhones(spec: PbxSpec, trunks: readonly TrunkProfile[]): PhoneProfile[] {
  const callerIds = outsideCallerIds(trunks);
  return Object.entries(spec.phones).map(([name, phone]) => ({
    name,
    number: phone.number,
    networks: sorted(phone.networks ?? []),
    transport: phone.transport ?? (phone.roaming === true ? PhoneTransport.Tls : PhoneTransport.Udp),
    sipUser: phone.sipUser,
    context: contextName(phone.mayDial ?? []),
    generation: phone.generation ?? 1,
    outsideCallerIds: callerIds(phone.number),
  }));
}

/** A carrier is shown one of its own numbers; another's is shown only where it brings none itself. */
function outsideCallerIds(trunks: readonly TrunkProfile[]): (extension: string) => OutsideCallerId[] {
  const anyNumber = trunks.flatMap(({ numbers }) => numbers)[0];
  const shownBy = trunks.map(({ name, numbers }) => ({
    name,
    // An extension's first number stays: Map keeps the last of equal keys.
    own: new Map([...numbers].reverse().map((number) => [number.extension, number])),
    other: numbers[0] ?? anyNumber,
  }));
  return (extension) =>
    shownBy.flatMap(({ name, own, other }) => {
      const shown = own.get(extension) ?? other;
      return shown === undefined ? [] : [{ trunk: name, e164: shown.e164 }];
    });
}

function resolveLogs({ server, name, ca, clientCertificate }: LogsSpec): LogsProfile {
  const [address = "", port] = server.split(":");
  return {
    address,
    port: Number(port),
    name,
    ca: pemLines(ca),
    clientCertificate: clientCertificate === undefined ? undefined : pemLines(clientCertificate),
  };
}

function resolveTrunks(spec: PbxSpec, plan: DialPlan): TrunkProfile[] {
  return inOrder(spec).map(([name, trunk]) => ({
    name,
    signalling: sorted(trunk.signalling),
    media: sorted(trunk.media ?? trunk.signalling),
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
  const single = trunk.signalling.find((network) => network.endsWith("/32"))?.slice(0, -"/32".length);
  const server = trunk.server ?? trunk.register?.server ?? single;
  return server === undefined ? undefined : withPort(server, trunk.transport);
}

function withPort(server: string, transport: TrunkTransport = defaults.trunkTransport): string {
  return server.includes(":") ? server : `${server}:${defaults.signallingPorts[transport]}`;
}

/** A carrier that knows one number of an account may send its calls to the account's user instead. */
function resolveNumbers(spec: PbxSpec, { numbers = {}, register }: TrunkSpec, plan: DialPlan): InboundNumber[] {
  const all = Object.entries(numbers).map(([e164, target]) =>
    inboundNumber(e164, (spec.phones[target] ?? spec.groups?.[target])?.number ?? "", plan),
  );
  if (register === undefined || all.length !== 1) return all;
  return all.map((one) => ({ ...one, spellings: [...new Set([...one.spellings, register.user])] }));
}

function inboundNumber(e164: string, extension: string, plan: DialPlan): InboundNumber {
  const digits = e164.slice(1);
  const national = digits.startsWith(plan.callingCode)
    ? [plan.nationalPrefix + digits.slice(plan.callingCode.length)]
    : [];
  return { e164, spellings: [...new Set([e164, digits, ...national])], extension };
}

const outsideClasses: readonly OutsideClass[] = [DialClass.National, DialClass.Mobile];

function contextName(mayDial: readonly DialClass[]): string {
  return ["phones", DialClass.Internal, ...outsideClasses.filter((c) => mayDial.includes(c))].join("-");
}

function dialContexts(spec: PbxSpec, outward: boolean): DialContext[] {
  const byName = new Map<string, DialContext>();
  for (const phone of Object.values(spec.phones)) {
    const name = contextName(phone.mayDial ?? []);
    const outside = outsideClasses.filter((c) => phone.mayDial?.includes(c)).map((c) => `dial-${c}`);
    // Emergency numbers come first so that no extension and no limit can stand before them.
    byName.set(name, {
      name,
      includes: [...(outward ? ["dial-emergency"] : []), "dial-internal", ...(outward ? outside : [])],
    });
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function sorted(networks: readonly string[]): string[] {
  return [...new Set(networks)].sort();
}
