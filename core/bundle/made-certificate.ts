import type { AcmeProfile, PbxProfile } from "../profile/profile";
import {
  acmeCertificateFolder,
  givenCertificateFolder,
  ownAuthorityFolder,
  systemAuthorities,
} from "../profile/resolve-tls";
import { secretName } from "../secrets/secret-name";
import type { Bundle, BundleAuthority } from "./bundle";
import { acmeAuthoritiesPath, acmeUnitPath } from "./views/acme";
import { renewalTimer, renewalWatch } from "./views/systemd";

/** What the certificate takes: packages, what renews it, and who signs it or where it is copied from. */
export function madeCertificate({ tls, platform }: PbxProfile): Pick<Bundle, "packages" | "services" | "authority"> {
  const { certificates, acme: client, authorities } = platform.os.packages;
  const services = [renewalTimer];
  if (tls?.acme !== undefined) {
    const packages = [certificates, client, ...(tls.acme.ca === undefined ? [authorities] : [])];
    return { packages: packages.map((name) => ({ name })), services, authority: asked(tls.acme, tls.port) };
  }
  if (tls?.given !== undefined)
    return {
      packages: [{ name: certificates }],
      services: [renewalWatch, ...services],
      authority: {
        directory: givenCertificateFolder(tls.given),
        group: "asterisk",
        names: [],
        port: tls.port,
        given: tls.given,
      },
    };
  if (tls?.ownAuthority !== true) return { packages: [], services: [] };
  const names = [[{ ref: secretName.domain }]];
  return {
    packages: [{ name: certificates }],
    services,
    authority: { directory: ownAuthorityFolder, group: "asterisk", names, port: tls.port },
  };
}

function asked(acme: AcmeProfile, port: number): BundleAuthority {
  return {
    directory: acmeCertificateFolder(acme),
    group: "asterisk",
    names: [[acme.name]],
    port,
    acme: { client: acmeUnitPath, trusted: acme.ca === undefined ? systemAuthorities : acmeAuthoritiesPath },
  };
}
