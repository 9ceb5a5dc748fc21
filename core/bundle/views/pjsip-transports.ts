import type { PbxProfile } from "../../profile/profile";
import { secretName } from "../../secrets/secret-name";
import { asteriskFile, when } from "../file-view";
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
  return when(profile.externalAddress, () => ({ address: { ref: secretName.externalAddress } }));
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
