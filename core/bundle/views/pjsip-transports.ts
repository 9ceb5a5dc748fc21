import { secretName } from "../../secrets/secret-name";
import { asteriskFile, when } from "../file-view";

/** Where SIP is listened for, and the address the outside is told. */
export const pjsipTransports = asteriskFile("pjsip_transports.conf", (profile) => ({
  sipPort: profile.sipPort,
  external: when(profile.externalAddress, () => ({ address: { ref: secretName.externalAddress } })),
}));
