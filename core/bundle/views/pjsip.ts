import type { PortRange } from "../../profile/call-limits";
import type { PbxProfile, PhoneProfile, RegistrationProfile, TrunkProfile } from "../../profile/profile";
import { PhoneTransport, TrunkTransport } from "../../spec/spec";
import { secretName } from "../../secrets/secret-name";
import { asteriskFile, when } from "../file-view";
import type { View } from "../mustache";

/** Endpoints, AORs and credentials. */
export const pjsip = asteriskFile("pjsip.conf", (profile) => ({
  realm: profile.realm,
  algorithm: profile.digest.toUpperCase(),
  ...mediaView(profile),
  sessionSeconds: profile.timeouts.sessionSeconds,
  phonePorts: [{ ...profile.callLimits.phonePorts }],
  phones: profile.phones.map(phoneView),
  trunks: profile.trunks.map((trunk) => trunkView(trunk, profile)),
}));

/** Seconds between two OPTIONS to a phone over UDP: a router may forget a silent UDP flow after 30 s (RFC 4787 section 4.3 asks for 120). */
const qualifyUdpSeconds = 25;

/** A phone on the road; the firewall lets it in over TLS alone. */
const anywhere = "0.0.0.0/0";

function networksOf({ networks }: PhoneProfile): readonly string[] {
  return networks.length === 0 ? [anywhere] : networks;
}

function phoneView(phone: PhoneProfile): View {
  return {
    name: phone.name,
    number: phone.number,
    user: { ref: secretName.phoneUser(phone.name) },
    digest: { ref: secretName.phoneDigest(phone.name) },
    context: phone.context,
    transfers: phone.mayTransfer ? "yes" : "no",
    outsideCallerIds: phone.outsideCallerIds.map(({ trunk, e164 }) => ({ trunk, e164 })),
    udp: when(phone.transport === PhoneTransport.Udp, () => ({ qualifySeconds: qualifyUdpSeconds })),
    srtp: when(phone.transport === PhoneTransport.Tls, () => ({})),
    networks: networksOf(phone).map((network) => ({ network })),
  };
}

function mediaView({ timeouts }: PbxProfile): View {
  const { silentCallSeconds, silentHoldSeconds, keepaliveSeconds } = timeouts;
  return { silentCallSeconds, silentHoldSeconds, keepaliveSeconds };
}

function trunkView(trunk: TrunkProfile, profile: PbxProfile): View {
  const { callLimits } = profile;
  const overTls = when(trunk.transport === TrunkTransport.Tls, () => ({}));
  return {
    name: trunk.name,
    ...mediaView(profile),
    encrypted: overTls,
    byAddress: when(trunk.registration === undefined, () => ({
      name: trunk.name,
      signalling: trunk.signalling.map((network) => ({ network })),
    })),
    account: trunk.registration === undefined ? [] : [accountView(trunk, trunk.registration)],
    registration: trunk.registration === undefined ? [] : [{ ...registrationView(trunk, trunk.registration), overTls }],
    server: when(trunk.server !== undefined, () => ({ name: trunk.name, server: trunk.server ?? "", overTls })),
    outward: when(trunk.server !== undefined, () => ({ name: trunk.name })),
    inboundPorts: [{ ...inboundPorts(trunk, profile) }],
    outbound: when(trunk.server !== undefined, () => ({
      name: trunk.name,
      outboundPorts: [{ ...callLimits.outboundPorts }],
    })),
    emergency: when(trunk.server !== undefined, () => ({
      name: trunk.name,
      emergencyPorts: [{ ...callLimits.emergencyPorts }],
    })),
  };
}

/** A range for each trunk that brings calls; a call over any other is refused before it takes a port (404). */
function inboundPorts({ name }: TrunkProfile, { trunks, callLimits }: PbxProfile): PortRange {
  const bringing = trunks.filter(({ numbers }) => numbers.length > 0).map((trunk) => trunk.name);
  return callLimits.trunkPorts[bringing.indexOf(name)] ?? callLimits.outboundPorts;
}

function accountView({ name, signalling }: TrunkProfile, { user, server }: RegistrationProfile): View {
  return {
    name,
    user,
    domain: server.replace(/:.*$/, ""),
    signalling: signalling.map((network) => ({ network })),
  };
}

function registrationView({ name }: TrunkProfile, { server, user, realm }: RegistrationProfile): View {
  return {
    name,
    server,
    user,
    password: { ref: secretName.trunkPassword(name) },
    realms: realm === undefined ? [] : [{ realm }],
  };
}
