import { dialPlanFor, type DialPlan, type OutsideClass } from "../numbering/dial-plan";
import { emergencyNumbers } from "../numbering/emergency";
import { SpecError } from "../issue";
import type { Platform } from "../platform/platform";
import { isWide } from "../spec/fields";
import {
  DialClass,
  DigestAlgorithm,
  PhoneTransport,
  type FirewallSpec,
  type LogsSpec,
  type PbxSpec,
} from "../spec/spec";
import { dialsOutside } from "../spec/transfer-warnings";
import { callLimits, type CallLimits } from "./call-limits";
import { connectionLimits, mostConnections, type ConnectionLimits } from "./connection-limits";
import { resolveExtraPorts } from "./resolve-extra-ports";
import { resolveTrunks, sorted } from "./resolve-trunks";
import { platformIssues } from "./platform-issues";
import type {
  AddressListsProfile,
  CloudWatchProfile,
  DialContext,
  GroupProfile,
  LogsProfile,
  OutsideCallerId,
  PackageFile,
  PbxProfile,
  PhoneProfile,
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
  endCalls: false,
} as const;

// A phone that asks for a long session interval itself is not asked by the PBX: its death shows in its silence alone.
const timeouts = {
  ringSeconds: 60,
  silentCallSeconds: 110,
  silentHoldSeconds: 2100,
  sessionSeconds: 90,
  keepaliveSeconds: 10,
};

/** What the resolver learns from beside the spec. */
export interface ProfileContext {
  readonly platform: Platform;
  /** True when the host is told an address other than its own. Default: false. */
  readonly externalAddress?: boolean;
  /** The file that carries Asterisk, where the release packages none. Default: none. */
  readonly asteriskPackage?: PackageFile | undefined;
  /** False for a machine that nobody logs into over SSH. Default: true. */
  readonly ssh?: boolean;
  /** Where a host on AWS sends its logs. Default: it sends none there. */
  readonly cloudWatch?: CloudWatchProfile | undefined;
}

/**
 * Makes every decision the spec leaves open; *defaults < spec < required*. Expects a spec that `parseSpec` accepted.
 * @throws SpecError when the platform cannot do what the spec asks for.
 */
export function resolveProfile(spec: PbxSpec, context: ProfileContext): PbxProfile {
  const { platform, externalAddress = false, asteriskPackage, ssh = true, cloudWatch } = context;
  const lacking = platformIssues(spec, platform);
  if (lacking.length > 0) throw new SpecError(lacking);
  const plan = dialPlanFor(spec.country);
  const trunks = resolveTrunks(spec, plan);
  const outward = trunks.some(({ server }) => server !== undefined);
  const phones = resolvePhones(spec, trunks);
  const limits = callLimitsOf(spec);
  const rtp = { from: limits.phonePorts.from, to: limits.emergencyPorts.to };
  return {
    platform,
    asteriskPackage,
    country: spec.country,
    admins: sorted(spec.admins),
    ssh,
    sshPort: spec.sshPort ?? defaults.sshPort,
    sipPort: required.sipPort,
    realm: required.realm,
    digest: spec.digest ?? DigestAlgorithm.Md5,
    tls: resolveTls(spec, phones),
    logs: spec.logs && resolveLogs(spec.logs),
    cloudWatch,
    addressLists: spec.firewall && resolveAddressLists(spec.firewall),
    extraPorts: resolveExtraPorts(spec, rtp),
    phones,
    groups: resolveGroups(spec),
    trunks,
    dialContexts: dialContexts(spec, outward),
    ...numberingOf(spec.country, plan, outward),
    limits: ownerLimits(spec, limits.step),
    callLimits: limits,
    connectionLimits: connectionLimitsOf(phones),
    ...{ rtp, timeouts, externalAddress },
    roamingOverUdp: phones.some((phone) => isRoaming(phone) && phone.transport === PhoneTransport.Udp),
    neverBannedAdmins: sorted(spec.admins.filter((network) => !isWide(network))),
    ...activationOf(spec),
  };
}

function activationOf(spec: PbxSpec) {
  return {
    rollbackSeconds: spec.rollbackSeconds ?? defaults.rollbackSeconds,
    restartWithCalls: spec.restartWithCalls ?? defaults.restartWithCalls,
    endCalls: spec.endCalls ?? defaults.endCalls,
  };
}

/** What can be dialled outside; nothing without a trunk that takes calls. */
function numberingOf(country: string, { callingCode, rules }: DialPlan, outward: boolean) {
  return {
    callingCode,
    dialRules: outward ? rules : { national: [], mobile: [] },
    emergencyNumbers: outward ? emergencyNumbers(country) : [],
  };
}

const phoneCallsOf = ({ limits }: PbxSpec) => limits?.phoneCalls ?? defaults.phoneCalls;

function callLimitsOf(spec: PbxSpec): CallLimits {
  return callLimits({
    calls: spec.limits?.calls ?? defaults.calls,
    phoneCalls: phoneCallsOf(spec),
    phones: Object.keys(spec.phones).length,
    trunks: Object.values(spec.trunks ?? {}).filter(({ numbers = {} }) => Object.keys(numbers).length > 0).length,
    firstPort: required.rtpFrom,
  });
}

function connectionLimitsOf(phones: readonly PhoneProfile[]): ConnectionLimits {
  const overStreams = phones.filter(({ transport }) => transport !== PhoneTransport.Udp);
  const listedPhones = overStreams.filter(({ networks }) => networks.length > 0).length;
  return connectionLimits({ listedPhones, roamingPhones: overStreams.length - listedPhones });
}

function ownerLimits(spec: PbxSpec, step: number): PbxProfile["limits"] {
  return {
    calls: spec.limits?.calls ?? defaults.calls,
    phoneCalls: phoneCallsOf(spec),
    callSeconds: (spec.limits?.callMinutes ?? defaults.callMinutes) * 60,
    // A leg holds about 5 descriptors (measured), and there are 4 legs for each call of the step; the rest is for logs and the like.
    openFiles: 512 + step * 24 + mostConnections,
    memoryMegabytes: 512 + step * 4,
    tasks: 256 + step * 4,
  };
}

/** A call for each member, and as many as one phone may be called with where the group is small. */
function resolveGroups(spec: PbxSpec): GroupProfile[] {
  return Object.entries(spec.groups ?? {}).map(([name, { number, phones }]) => ({
    ...{ name, number, phones },
    calls: Math.max(phoneCallsOf(spec), phones.length),
  }));
}

function resolvePhones(spec: PbxSpec, trunks: readonly TrunkProfile[]): PhoneProfile[] {
  const callerIds = outsideCallerIds(trunks);
  const insideOnly = !Object.values(spec.phones).some(dialsOutside);
  return Object.entries(spec.phones).map(([name, phone]) => ({
    name,
    number: phone.number,
    networks: sorted(phone.networks ?? []),
    transport: phone.transport ?? (phone.roaming === true ? PhoneTransport.Tls : PhoneTransport.Udp),
    sipUser: phone.sipUser,
    context: contextName(phone.mayDial ?? []),
    generation: phone.generation ?? 1,
    mayTransfer: insideOnly || dialsOutside(phone),
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

function resolveAddressLists({ feeds, allowCountries, blockCountries }: FirewallSpec): AddressListsProfile | undefined {
  const lists = {
    feeds: sorted(feeds ?? []),
    allowCountries: sorted(allowCountries ?? []),
    blockCountries: sorted(blockCountries ?? []),
  };
  return Object.values(lists).every((list) => list.length === 0) ? undefined : lists;
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
      numbers: name.replace(/^phones/, "numbers"),
      includes: [...(outward ? ["dial-emergency"] : []), "dial-internal", ...(outward ? outside : [])],
    });
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
