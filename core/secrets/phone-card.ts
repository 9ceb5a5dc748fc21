import type { PbxProfile, PhoneProfile } from "../profile/profile";
import { PhoneTransport } from "../spec/spec";
import { phoneCredentials } from "./derive-secrets";

/** What a person types into one phone. */
export interface PhoneCard {
  user: string;
  password: string;
  /** Registrar and domain. */
  domain: string;
  port: number;
  /** `udp`, `tcp` or `tls`; with `tls` the phone encrypts its audio too (SRTP, SDES). */
  transport: string;
  /** Certificate, in PEM, of the CA that the phone has to be told to trust; absent without TLS, with a certificate of the owner's, and with one of a public authority. */
  caCertificate?: string;
  /** The extension others dial. */
  number: string;
}

/** What cards are made of beside the profile. */
export interface PhoneCardContext {
  readonly masterSecret: string;
  /** Passwords the owner keeps, by phone; the others are derived. */
  readonly passwords?: Readonly<Record<string, string>> | undefined;
  /** Name or address phones reach the host under. */
  readonly domain: string;
  /** Certificate of the CA that the host has made. */
  readonly caCertificate?: string | undefined;
}

/**
 * What to type into each phone, by its name.
 * @throws WeakMasterSecretError | WeakPasswordError as {@link phoneCredentials} does.
 */
export function phoneCardsOf(profile: PbxProfile, context: PhoneCardContext): Record<string, PhoneCard> {
  const { masterSecret, passwords, domain } = context;
  const cards = profile.phones.map((phone): [string, PhoneCard] => {
    const { user, password } = phoneCredentials(masterSecret, phone, profile.realm, passwords?.[phone.name]);
    const way = wayIn(phone, profile, context.caCertificate);
    return [phone.name, { user, password, domain, ...way, number: phone.number }];
  });
  return Object.fromEntries(cards);
}

function wayIn(
  { transport }: PhoneProfile,
  { sipPort, tls }: PbxProfile,
  caCertificate: string | undefined,
): Pick<PhoneCard, "port" | "transport" | "caCertificate"> & Partial<Pick<PhoneCard, "domain">> {
  if (transport !== PhoneTransport.Tls || tls === undefined) return { transport, port: sipPort };
  return {
    transport,
    port: tls.port,
    // The name the certificate bears, or the phone would refuse it.
    ...(tls.acme === undefined ? {} : { domain: tls.acme.name }),
    ...(caCertificate === undefined ? {} : { caCertificate }),
  };
}
