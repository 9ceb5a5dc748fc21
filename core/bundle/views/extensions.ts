import type { DialRule } from "../../numbering/dial-plan";
import type { PbxProfile, TrunkProfile } from "../../profile/profile";
import { secretName } from "../../secrets/secret-name";
import { asteriskFile, when } from "../file-view";
import type { View } from "../mustache";

/** The dialplan: extensions, inbound numbers and the closed numbering to the outside. */
export const extensions = asteriskFile("extensions.conf", (profile) => ({
  contexts: profile.dialContexts.map(({ name, includes }) => ({
    name,
    includes: includes.map((context) => ({ context })),
  })),
  phones: profile.phones.map(({ name, number }) => ({
    number,
    user: { ref: secretName.phoneUser(name) },
    ringSeconds: profile.timeouts.ringSeconds,
  })),
  trunk: profile.trunk === undefined ? [] : [trunkView(profile.trunk, profile)],
}));

function trunkView(trunk: TrunkProfile, profile: PbxProfile): View {
  return {
    name: trunk.name,
    numbers: trunk.numbers.flatMap(({ spellings, extension }) =>
      spellings.map((spelling) => ({ spelling, extension })),
    ),
    outbound: when(trunk.server !== undefined, () => outboundView(trunk, profile)),
  };
}

function outboundView(trunk: TrunkProfile, { limits, timeouts, emergencyNumbers, dialRules }: PbxProfile): View {
  return {
    trunk: trunk.name,
    calls: limits.calls,
    ringSeconds: timeouts.ringSeconds,
    callMilliseconds: limits.callSeconds * 1000,
    // A second clock on the carrier's leg, ringing included, should the first be lost with the caller's channel.
    legSeconds: limits.callSeconds + timeouts.ringSeconds,
    emergency: emergencyNumbers.map((number) => ({ number, trunk: trunk.name })),
    national: dialRules.national.map(ruleView),
    mobile: dialRules.mobile.map(ruleView),
  };
}

function ruleView({ pattern, strip, e164Prefix }: DialRule): View {
  return { pattern, strip, prefix: e164Prefix };
}
