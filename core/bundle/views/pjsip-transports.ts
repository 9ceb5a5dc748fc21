import type { PbxProfile } from "../../profile/profile";
import { secretName } from "../../secrets/secret-name";
import { asteriskFile, when } from "../file-view";
import type { View } from "../mustache";

/** After which a silent trunk is given up for the next: 64 times T1, as RFC 3261 (17.1.1.2) ties the two. */
const silentTrunkMilliseconds = 8000;

/** Where SIP is listened for, and the address the outside is told. */
export const pjsipTransports = asteriskFile("pjsip_transports.conf", (profile) => ({
  retransmitMilliseconds: silentTrunkMilliseconds / 64,
  silentMilliseconds: silentTrunkMilliseconds,
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
