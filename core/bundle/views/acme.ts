import type { AcmeProfile } from "../../profile/profile";
import { acmeFolder } from "../../profile/resolve-tls";
import { systemFile, when, type FileView } from "../file-view";
import type { View } from "../mustache";

/** The unit of the client, which the agent links into systemd while it asks for a certificate. */
export const acmeUnitPath = `${acmeFolder}/hardened-asterisk-acme.service`;

/** The CAs of an ACME server of the owner's. */
export const acmeAuthoritiesPath = `${acmeFolder}/ca.pem`;

function withAcme(path: string, view: (acme: AcmeProfile) => View): FileView {
  return {
    ...systemFile(path, ({ tls }) => {
      if (tls?.acme === undefined) throw new Error(`${path} needs a certificate over ACME`);
      return view(tls.acme);
    }),
    needed: ({ tls }) => tls?.acme !== undefined,
  };
}

/** Every file that has to do with a certificate over ACME. */
export const acmeViews: readonly FileView[] = [
  withAcme(acmeUnitPath, ({ directory, email }) => ({
    directory,
    server: new URL(directory).hostname,
    email: when(email !== undefined, () => ({ address: email ?? "" })),
  })),
  {
    ...withAcme(acmeAuthoritiesPath, ({ ca }) => ({ lines: (ca ?? []).map((line) => ({ line })) })),
    needed: ({ tls }) => tls?.acme?.ca !== undefined,
  },
];
