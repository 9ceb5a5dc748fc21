import * as pulumi from "@pulumi/pulumi";
import type { PbxProfile } from "../../core/profile/profile";
import type { SecretValues } from "../../core/secrets/derive-secrets";
import { storedSecrets } from "../../core/secrets/stored-secrets";
import { asUserError } from "../phone-cards";
import type { AwsAsteriskHostArgs } from "./asterisk-host-args";

/** What the host's files refer to, for Secrets Manager. The host's address is no secret and travels beside it. */
export function hostValues(args: AwsAsteriskHostArgs, profile: PbxProfile): pulumi.Output<SecretValues> {
  const known = pulumi.all([args.masterSecret, args.passwords, args.trunkPasswords, args.logClientKey]);
  const values = known.apply(([masterSecret = "", passwords, trunkPasswords, logClientKey]) =>
    asUserError(() =>
      storedSecrets(masterSecret, profile, {
        passwords,
        trunkPasswords,
        logClientKey,
        newMasterSecret: args.newMasterSecret,
      }),
    ),
  );
  return pulumi.secret(values);
}
