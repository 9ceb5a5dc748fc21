import type { PbxProfile } from "../../profile/profile";
import { secretName } from "../../secrets/secret-name";
import { asteriskFile, when } from "../file-view";
import type { View } from "../mustache";

/** Where SIP is listened for, and the address the outside is told. */
export const pjsipTransports = asteriskFile("pjsip_transports.conf", (profile) => ({
  sipPort: profile.sipPort,
  external: external(profile),
  tls: profile.tls === undefined ? [] : [tlsView(profile.tls, external(profile))],
}));

function external(profile: PbxProfile): readonly View[] {
  return when(profile.externalAddress, () => ({ address: { ref: secretName.externalAddress } }));
}

function tlsView({ port, certificate, privateKey }: NonNullable<PbxProfile["tls"]>, outside: readonly View[]): View {
  return { port, certificate, privateKey, external: outside };
}
