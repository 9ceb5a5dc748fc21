import type { PbxProfile } from "../../profile/profile";
import { secretName } from "../../secrets/secret-name";
import { asteriskFile, when } from "../file-view";
import { networkContains } from "../../spec/fields";
import { firewallSources } from "../firewall-sources";
import type { View } from "../mustache";

/**
 * Retransmission of requests over UDP, in milliseconds (RFC 3261 section 17.1.1.2). An INVITE is sent 7 times, after 0.2, 0.5, 1.2, 2.6, 5.3
 * and 10.7 s, so that it reaches a phone that sleeps for 10 s; a trunk that is silent for 12.5 s is given up for the next one.
 */
const invite = { firstRetransmission: 170, givenUp: 12_500 };

/** Where SIP is listened for, and the address the outside is told. */
export const pjsipTransports = asteriskFile("pjsip_transports.conf", (profile) => ({
  retransmitMilliseconds: invite.firstRetransmission,
  silentMilliseconds: invite.givenUp,
  sipPort: profile.sipPort,
  external: external(profile),
  tls: profile.tls === undefined ? [] : [tlsView(profile.tls, external(profile))],
}));

function external(profile: PbxProfile): readonly View[] {
  return when(profile.externalAddress, () => ({
    address: { ref: secretName.externalAddress },
    inside: insideNetworks(profile).map((network) => ({ network })),
  }));
}

/** Private everywhere: RFC 1918, RFC 6598 (carriers' NAT, and overlays such as Tailscale), RFC 3927. */
const insideAlways = ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"];

/** No router of the Internet forwards these either (RFC 6890), but only a spec that lists one says that it is used here. */
const insideWhereListed = ["192.0.0.0/24", "198.18.0.0/15", "240.0.0.0/4"];

/** Networks whose phones and carriers are told the host's own address, not the outside one. */
export function insideNetworks({ phones, trunks }: Pick<PbxProfile, "phones" | "trunks">): readonly string[] {
  const { signalling, carriers, media } = firewallSources({ phones, trunks });
  const listed = [...signalling, ...carriers, ...media].filter((network) =>
    insideWhereListed.some((range) => networkContains(range, network)),
  );
  return [...insideAlways, ...[...new Set(listed)].sort()];
}

function tlsView(tls: NonNullable<PbxProfile["tls"]>, outside: readonly View[]): View {
  const { port, certificate, privateKey, carrierAuthorities: authorities } = tls;
  return {
    port,
    certificate,
    privateKey,
    carriers: authorities === undefined ? [] : [{ authorities }],
    external: outside,
  };
}
