import type { PbxProfile } from "../../profile/profile";
import type { View } from "../mustache";
import { systemFile } from "../file-view";

/** Path of the rules that `nft -f` loads. */
export const firewallPath = "/etc/nftables.d/hardened-asterisk.nft";

const isIpv6 = (network: string) => network.includes(":");
const networkViews = (networks: readonly string[]) => [...new Set(networks)].sort().map((network) => ({ network }));
const phoneNetworks = (profile: PbxProfile) => profile.phones.flatMap(({ networks }) => networks);

/** A section that is there only when phones on the road may come from anywhere. */
function roaming(
  { tls, rtp }: PbxProfile,
  view: (ports: { tlsPort: number; rtpFrom: number; rtpTo: number }) => View,
): readonly View[] {
  return tls?.roaming === true ? [view({ tlsPort: tls.port, rtpFrom: rtp.from, rtpTo: rtp.to })] : [];
}

/** The host firewall: our own table, everything refused that the spec does not declare. */
export const nftables = {
  ...systemFile(firewallPath, (profile) => ({
    admins4: networkViews(profile.admins.filter((network) => !isIpv6(network))),
    admins6: networkViews(profile.admins.filter(isIpv6)),
    signalling: networkViews([...phoneNetworks(profile), ...profile.trunks.flatMap((trunk) => trunk.signalling)]),
    media: networkViews([...phoneNetworks(profile), ...profile.trunks.flatMap((trunk) => trunk.media)]),
    tls: profile.tls === undefined ? [] : [{ tlsPort: profile.tls.port }],
    callers: roaming(profile, ({ tlsPort }) => ({ tlsPort })),
    roaming: roaming(profile, (ports) => ports),
    sshPort: profile.sshPort,
    sipPort: profile.sipPort,
    rtpFrom: profile.rtp.from,
    rtpTo: profile.rtp.to,
  })),
  mode: "0640",
};
