import type { DialRule } from "../../numbering/dial-plan";
import { emergencyCallsOfPhone, emergencyStartSeconds, emergencyStartsOfPhone } from "../../profile/call-limits";
import type { GroupProfile, PbxProfile, TrunkProfile } from "../../profile/profile";
import { secretName } from "../../secrets/secret-name";
import { asteriskFile, when } from "../file-view";
import type { View } from "../mustache";

/** The dialplan: extensions, inbound numbers and the closed numbering to the outside. */
export const extensions = asteriskFile("extensions.conf", (profile) => ({
  contexts: profile.dialContexts.map(({ name, numbers, includes }) => ({
    ...{ name, numbers },
    includes: includes.map((context) => ({ context })),
  })),
  phoneCalls: profile.limits.phoneCalls,
  ...boundsView(profile),
  ringSeconds: profile.timeouts.ringSeconds,
  carrierNetworks: carrierNetworks(profile.trunks),
  phones: profile.phones.map(({ name, number }) => ({
    number,
    user: { ref: secretName.phoneUser(name) },
  })),
  groups: profile.groups.map((group) => groupView(group, profile)),
  trunks: profile.trunks.map((trunk) => trunkView(trunk, profile.callLimits.trunkCalls)),
  outbound: when(routesOf(profile).length > 0, () => outboundView(profile)),
}));

function boundsView({ callLimits }: PbxProfile): View {
  const { legsOfTrunk, groupLegsOfTrunk, callsToPhone, phoneLegs, phoneGroupLegs } = callLimits;
  return { legsOfTrunk, groupLegsOfTrunk, callsToPhone, phoneLegs, phoneGroupLegs };
}

function groupView({ name, number, phones, calls }: GroupProfile, { timeouts }: PbxProfile): View {
  return {
    ...{ name, number, calls },
    members: phones.map((phone) => ({ user: { ref: secretName.phoneUser(phone) } })),
    ringSeconds: timeouts.ringSeconds,
  };
}

// A step of the dial plan costs more than a comparison, and an expression holds 4,096 characters (VAR_BUF_SIZE, Asterisk 22).
const networksOfStep = 20;

/**
 * Addresses that carriers take calls at, as numbers: a phone's contact must not be one of them. Where a carrier sends audio from is
 * not among them: phones may be there.
 */
function carrierNetworks(trunks: readonly TrunkProfile[]): View[] {
  const listed = new Set(
    trunks.flatMap(({ signalling, server, registration }) => [
      ...signalling,
      ...[server, registration?.server].flatMap((one) => addressIn(one) ?? []),
    ]),
  );
  const networks = [...listed].sort().map((network) => {
    const [address = "", prefix = "32"] = network.split("/");
    const first = address.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
    return { first, last: first + 2 ** (32 - Number(prefix)) - 1 };
  });
  const steps = Array.from({ length: Math.ceil(networks.length / networksOfStep) }, (_, step) => step * networksOfStep);
  return steps.map((start) => ({ networks: networks.slice(start, start + networksOfStep) }));
}

/** The IPv4 address of `address:port` as a network; undefined for a host name, whose addresses the spec lists as signalling. */
function addressIn(server = ""): string | undefined {
  const [address = ""] = server.split(":");
  return /^[\d.]+$/.test(address) ? `${address}/32` : undefined;
}

function trunkView({ name, numbers }: TrunkProfile, trunkCalls: number): View {
  return {
    name,
    numbers: numbers.flatMap(({ spellings, extension }) =>
      spellings.map((spelling) => ({ spelling, extension, trunk: name, trunkCalls })),
    ),
  };
}

/** Names of the trunks that take calls to the outside, in the order in which they are tried. */
function routesOf({ trunks }: PbxProfile): string[] {
  return trunks.filter(({ server }) => server !== undefined).map(({ name }) => name);
}

function outboundView(profile: PbxProfile): View {
  const { limits, timeouts, emergencyNumbers, dialRules } = profile;
  const callMilliseconds = limits.callSeconds * 1000;
  const { ringSeconds } = timeouts;
  return {
    callingCode: profile.callingCode,
    calls: limits.calls,
    // A second clock on the carrier's leg, ringing included, should the first be lost with the caller's channel.
    legSeconds: limits.callSeconds + ringSeconds,
    emergency: emergencyNumbers.map((number) => ({ number })),
    emergencyRoutes: routesOf(profile).map((trunk) => ({ trunk, emergencyRingSeconds: 2 * ringSeconds })),
    emergencyCallsOfPhone,
    emergencyStarts: emergencyStartsOfPhone,
    emergencyStartSeconds,
    noStarts: Array.from({ length: emergencyStartsOfPhone }, () => 0).join("-"),
    emergencySlots: 2 * profile.callLimits.emergencyCalls,
    emergencyCalls: profile.callLimits.emergencyCalls,
    // Read inside this section too: what is above it is not seen through a list.
    phoneLegs: profile.callLimits.phoneLegs,
    routes: routesOf(profile).map((trunk) => ({ trunk, ringSeconds, callMilliseconds })),
    national: dialRules.national.map(ruleView),
    mobile: dialRules.mobile.map(ruleView),
  };
}

function ruleView({ pattern, strip, e164Prefix }: DialRule): View {
  return { pattern, strip, prefix: e164Prefix };
}
