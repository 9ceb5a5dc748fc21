import * as pulumi from "@pulumi/pulumi";
import type { PbxProfile, PhoneProfile } from "../core/profile/profile";
import { phoneCredentials, WeakMasterSecretError } from "../core/secrets/derive-secrets";
import { LogClientKeyError } from "../core/secrets/log-client-key";
import { WeakPasswordError } from "../core/secrets/password-strength";
import { TrunkPasswordError } from "../core/secrets/trunk-password";
import { PhoneTransport } from "../core/spec/spec";
import type { AsteriskHostArgs, PhoneCard } from "./asterisk-host-args";
import type { HostReceipt } from "./host-receipt";

/** Name or address phones reach the host under: the address the outside sees, or else the one it is configured by. */
export function domainOf({ externalAddress, connection }: AsteriskHostArgs): pulumi.Output<string> {
  return pulumi.all([externalAddress, connection.host]).apply(([address, host]) => address ?? host);
}

/** What the phones' credentials are derived from. */
export interface PhoneCardArgs {
  readonly masterSecret: pulumi.Input<string>;
  readonly passwords?: AsteriskHostArgs["passwords"];
  /** Name or address phones reach the host under. */
  readonly domain: pulumi.Input<string>;
}

/** What to type into each phone, by its name; secret. */
export function phoneCards(
  args: PhoneCardArgs,
  profile: PbxProfile,
  receipt: pulumi.Output<HostReceipt>,
): pulumi.Output<Record<string, PhoneCard>> {
  const authority = receipt.apply(({ caCertificate }) => caCertificate);
  const all = pulumi.all([args.masterSecret, args.domain, args.passwords, authority]);
  const cards = all.apply(([master, domain, passwords, caCertificate]) =>
    profile.phones.map((phone): [string, PhoneCard] => {
      const { user, password } = asUserError(() =>
        phoneCredentials(master, phone, profile.realm, passwords?.[phone.name]),
      );
      return [phone.name, { user, password, domain, ...wayIn(phone, profile, caCertificate), number: phone.number }];
    }),
  );
  return pulumi.secret(cards.apply((entries) => Object.fromEntries(entries)));
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

/** A user's mistake reaches the user without a stack trace. */
export function asUserError<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const ours = [WeakMasterSecretError, WeakPasswordError, TrunkPasswordError, LogClientKeyError];
    if (error instanceof Error && ours.some((kind) => error instanceof kind)) throw new pulumi.RunError(error.message);
    throw error;
  }
}
