import * as pulumi from "@pulumi/pulumi";
import type { PbxProfile } from "../core/profile/profile";
import { phoneCardsOf } from "../core/secrets/phone-card";
import { isSecretMistake } from "../core/secrets/secret-mistake";
import type { AsteriskHostArgs, PhoneCard } from "./asterisk-host-args";
import type { HostReceipt } from "./host-receipt";
import { outputError } from "./output-error";

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
  const cards = all.apply(([masterSecret, domain, passwords, caCertificate]) =>
    asUserError(() => phoneCardsOf(profile, { masterSecret, domain, passwords, caCertificate })),
  );
  return pulumi.secret(cards);
}

/** A user's mistake reaches the user without a stack trace. */
export function asUserError<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw isSecretMistake(error) ? outputError(error.message) : error;
  }
}
