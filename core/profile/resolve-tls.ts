import { sha256 } from "../sha256";
import { certificatesOf } from "../spec/log-fields";
import { PhoneTransport, TrunkTransport, type AcmeSpec, type PbxSpec } from "../spec/spec";
import type { AcmeProfile, PhoneProfile, TlsProfile } from "./profile";

const tlsPort = 5061;

/** Where the agent keeps the private CA and the certificate it made. */
export const ownAuthorityFolder = "/etc/hardened-asterisk/tls";

/** Where everything about certificates over ACME lies on the host. */
export const acmeFolder = "/etc/hardened-asterisk/acme";

/** Where Debian keeps the CA certificates it trusts (package ca-certificates). */
export const systemAuthorities = "/etc/ssl/certs/ca-certificates.crt";

const letsEncrypt = "https://acme-v02.api.letsencrypt.org/directory";

/** Folder of a certificate asked for over ACME: one for each server and name, so that the one in effect stays until a change of them is. */
export function acmeCertificateFolder({ directory, name }: AcmeProfile): string {
  return `${acmeFolder}/${new URL(directory).hostname}/${name}`;
}

/**
 * Folder of the copy that is made of the owner's files: one for each pair of paths, so that the one in effect stays until a change of
 * them is. Below the private CA's, because that is hidden from the other services and kept on AWS's data volume.
 */
export function givenCertificateFolder({ certificate, privateKey }: NonNullable<TlsProfile["given"]>): string {
  return `${ownAuthorityFolder}/given/${sha256(`${certificate}\n${privateKey}`).slice(0, 16)}`;
}

/** What is listened for over TLS, or undefined when neither phone nor carrier uses it. */
export function resolveTls(spec: PbxSpec, phones: readonly PhoneProfile[]): TlsProfile | undefined {
  const carriers = Object.values(spec.trunks ?? {}).filter(({ transport }) => transport === TrunkTransport.Tls);
  if (carriers.length === 0 && !phones.some(({ transport }) => transport === PhoneTransport.Tls)) return undefined;
  const acme = spec.tls?.acme && resolveAcme(spec.tls.acme);
  const given = givenFiles(spec.tls);
  const own = given === undefined ? ownAuthorityFolder : givenCertificateFolder(given);
  const made = `${acme === undefined ? own : acmeCertificateFolder(acme)}/host.pem`;
  return {
    certificate: made,
    privateKey: made,
    given,
    port: tlsPort,
    ownAuthority: spec.tls === undefined,
    acme,
    roaming: phones.some((phone) => isRoaming(phone) && phone.transport === PhoneTransport.Tls),
    carrierAuthorities: carriers.length === 0 ? undefined : (carriers[0]?.ca ?? systemAuthorities),
  };
}

function givenFiles({ certificate, privateKey }: NonNullable<PbxSpec["tls"]> = {}): TlsProfile["given"] {
  return certificate === undefined || privateKey === undefined ? undefined : { certificate, privateKey };
}

function resolveAcme({ name, directory, email, ca }: AcmeSpec): AcmeProfile {
  return { name, directory: directory ?? letsEncrypt, email, ca: ca === undefined ? undefined : pemLines(ca) };
}

/** Whether a phone may come from anywhere. */
export function isRoaming({ networks }: PhoneProfile): boolean {
  return networks.length === 0;
}

/** The lines of a text of certificates in PEM, and nothing else of it. */
export function pemLines(pem: string): string[] {
  return (certificatesOf(pem) ?? []).flatMap((certificate) => certificate.toString().trim().split("\n"));
}
