import type { AddressListsProfile, PbxProfile } from "../../profile/profile";
import { TrunkTransport } from "../../spec/spec";
import type { View } from "../mustache";
import { isHostName } from "../../spec/fields";
import { systemFile, when } from "../file-view";
import { firewallSources, isOpenToStrangers } from "../firewall-sources";

/** Path of the rules that `nft -f` loads. */
export const firewallPath = "/etc/nftables.d/hardened-asterisk.nft";

const isIpv6 = (network: string) => network.includes(":");
const networkViews = (networks: readonly string[]) => networks.map((network) => ({ network }));

/**
 * Bytes a stranger may send over one TLS connection at once before he has proved himself, headers of TCP and IP with them:
 * a handshake takes 1,100, a softphone's request 700 to 1,300, a guess that is as short as possible 500 (measured). synproxy
 * negotiates no timestamps: each packet is 12 shorter than it was, so that 2,300 let in a third guess.
 */
const budgetBytes = 2200;

/** A section that is there only when phones on the road may come from anywhere. */
function onRoaming({ tls }: PbxProfile, view: (tlsPort: number) => View): readonly View[] {
  return tls?.roaming === true ? [view(tls.port)] : [];
}

/** SSH: those who are told from strangers by their address are never banned; in a waived, wider network everybody can be. */
function adminsView({ admins, neverBannedAdmins, ssh, sshPort }: PbxProfile): View {
  const wide = admins.filter((network) => !neverBannedAdmins.includes(network));
  return {
    ssh: when(ssh, () => ({ sshPort })),
    admins4: networkViews(neverBannedAdmins.filter((network) => !isIpv6(network))),
    admins6: networkViews(neverBannedAdmins.filter(isIpv6)),
    wideAdmins4: networkViews(wide.filter((network) => !isIpv6(network))),
    wideAdmins6: networkViews(wide.filter(isIpv6)),
    wideAdmins: when(wide.length > 0, () => ({ sshPort })),
  };
}

/** Lengths in bytes, UDP's header with them, of what a stranger may send: no REGISTER is shorter, none of a phone longer. */
const requestOfStranger = { smallestRequest: 208, largestRequest: 2508 };

function roamingOverUdpView(profile: PbxProfile): View {
  const { roamingOverUdp, sipPort } = profile;
  return {
    roamingOverUdp: when(roamingOverUdp, () => ({ ...requestOfStranger, listed: listed(profile) })),
    udpStrangers: when(roamingOverUdp, () => ({})),
    udpOut: when(roamingOverUdp, () => ({ sipPort })),
  };
}

const listed = ({ addressLists }: PbxProfile) => when(addressLists !== undefined, () => ({}));

/** Which lists strangers are judged by; sets of those that are not wanted any more are emptied. */
function addressListsView({ addressLists }: PbxProfile): View {
  const there = (key: keyof AddressListsProfile) => (addressLists?.[key].length ?? 0) > 0;
  const sets: readonly [boolean, readonly string[]][] = [
    [there("feeds"), ["fed4", "fed6"]],
    [there("allowCountries"), ["allowed4"]],
    [there("blockCountries"), ["blocked4"]],
  ];
  return {
    unlisted: sets.flatMap(([wanted, names]) => (wanted ? [] : names.map((set) => ({ set })))),
    addressLists: when(addressLists !== undefined, () => ({
      feeds: when(there("feeds"), () => ({})),
      allow: when(there("allowCountries"), () => ({})),
      block: when(there("blockCountries"), () => ({})),
    })),
  };
}

/** Ports of other programs, each with a set of those who may reach it. */
function extraPortsView({ extraPorts }: PbxProfile): View {
  const views = extraPorts.map(({ protocol, port, networks, program }) => ({
    port: { set: `extra_${protocol}_${port}`, protocol, port, program },
    networks,
  }));
  const sets = views.map(({ port: { set } }) => ({ set }));
  return {
    extraSets: sets,
    extraFlushed: sets,
    extraNetworks: views.flatMap(({ port: { set }, networks }) => networks.map((network) => ({ set, network }))),
    extraPorts: views.map(({ port }) => port),
  };
}

function portsView(profile: PbxProfile): View {
  return {
    sipPort: profile.sipPort,
    rtpFrom: profile.rtp.from,
    rtpTo: profile.rtp.to,
    tls: profile.tls === undefined ? [] : [{ tlsPort: profile.tls.port }],
  };
}

function sourcesView(profile: PbxProfile): View {
  const { signalling, trunks, datagrams, carriers, media } = firewallSources(profile);
  return {
    trunks: networkViews(trunks),
    signalling: networkViews(signalling),
    datagrams: networkViews(datagrams),
    carriers: networkViews(carriers),
    media: networkViews(media),
  };
}

/** What carriers over TLS need; one that is reached by its name needs the host's name servers too. */
function carriersView({ trunks, tls }: PbxProfile): View {
  const carriers = trunks.filter(({ transport }) => transport === TrunkTransport.Tls);
  const servers = carriers.flatMap(({ server, registration }) => [server ?? [], registration?.server ?? []].flat());
  return {
    carrierTls: when(carriers.length > 0, () => ({ tlsPort: tls?.port ?? 0 })),
    carriersByName: when(servers.some(isHostName), () => ({})),
  };
}

/** What strangers and proven addresses are bounded by. */
function strangersView({ connectionLimits }: PbxProfile): View {
  const { proven, strangers, strangersReserve } = connectionLimits;
  return {
    ...{ budgetBytes, provenPace: proven.pace, provenBurst: proven.burst, strangers },
    strangersInAll: strangers + strangersReserve,
    provenOfAddress: proven.ofAddress,
    provenAll: proven.all,
    provenInAll: proven.all + proven.reserve,
  };
}

/** What carriers and listed phones are bounded by. */
function listedConnectionsView({ connectionLimits }: PbxProfile): View {
  const { ofCarrier, carriers, listed } = connectionLimits;
  return {
    ...{ ofCarrier, carrierConnections: carriers, listedPace: listed.pace, listedBurst: listed.burst },
    listedOfAddress: listed.ofAddress,
    listedAll: listed.all,
    listedInAll: listed.all + listed.reserve,
  };
}

/**
 * New calls a second in the name of one trusted address: no office begins more, and a PBX that carries many is not held back (a
 * carrier has one address for all of them).
 */
const newCalls = ({ limits }: PbxProfile) => Math.max(50, limits.calls);

/** The host firewall: our own table, everything refused that the spec does not declare. */
export const nftables = {
  ...systemFile(firewallPath, (profile) => ({
    ...adminsView(profile),
    ...sourcesView(profile),
    ...portsView(profile),
    newCalls: newCalls(profile),
    newCallsAtOnce: 2 * newCalls(profile),
    ...carriersView(profile),
    ...roamingOverUdpView(profile),
    audioOfRoaming: when(isOpenToStrangers(profile), () => ({
      rtpFrom: profile.rtp.from,
      rtpTo: profile.rtp.to,
    })),
    logs: profile.logs === undefined ? [] : [{ address: profile.logs.address, port: profile.logs.port }],
    acme: when(profile.tls?.acme !== undefined, () => ({})),
    metadataUsers: when(profile.cloudWatch !== undefined, () => ({})),
    ...addressListsView(profile),
    ...extraPortsView(profile),
    roaming: onRoaming(profile, (tlsPort) => ({ tlsPort, listed: listed(profile) })),
    roamingStreams: onRoaming(profile, (tlsPort) => ({
      ...{ tlsPort, listed: listed(profile) },
      provenBudgetBytes: 3300,
    })),
    ...listedConnectionsView(profile),
    strangers: onRoaming(profile, () => strangersView(profile)),
  })),
  mode: "0640",
};
