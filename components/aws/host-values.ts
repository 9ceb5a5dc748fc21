import * as pulumi from "@pulumi/pulumi";
import type { PbxProfile } from "../../core/profile/profile";
import { deriveSecrets, type SecretValues } from "../../core/secrets/derive-secrets";
import { secretName } from "../../core/secrets/secret-name";
import { asUserError } from "../phone-cards";
import type { AwsAsteriskHostArgs } from "./asterisk-host-args";

/** What the host's files refer to, for Secrets Manager. The host's address is no secret and travels beside it. */
export function hostValues(args: AwsAsteriskHostArgs, profile: PbxProfile): pulumi.Output<SecretValues> {
  const known = pulumi.all([args.masterSecret, args.passwords, args.trunkPasswords, args.logClientKey]);
  const values = known.apply(([master, passwords, trunkPasswords, logClientKey]) =>
    asUserError(() => {
      const context = { domain: "", passwords, trunkPasswords, logClientKey };
      const derived = Object.entries(deriveSecrets(master, profile, context));
      return Object.fromEntries(derived.filter(([name]) => name !== secretName.domain));
    }),
  );
  return pulumi.secret(values);
}
