import type { PbxProfile } from "../profile/profile";
import { deriveSecrets, type SecretContext, type SecretValues } from "./derive-secrets";
import { secretName } from "./secret-name";

/**
 * What a host on AWS finds in its secret: every value but its address, which is no secret and travels beside it.
 * @throws WeakMasterSecretError | WeakPasswordError | TrunkPasswordError | LogClientKeyError as {@link deriveSecrets} does.
 */
export function storedSecrets(
  masterSecret: string,
  profile: PbxProfile,
  context: Omit<SecretContext, "domain" | "externalAddress">,
): SecretValues {
  const derived = Object.entries(deriveSecrets(masterSecret, profile, { ...context, domain: "" }));
  return Object.fromEntries(derived.filter(([name]) => name !== secretName.domain));
}

/** The text that the secret holds: equal values give an equal one, in whatever order they were derived. */
export function storedText(values: SecretValues): string {
  return JSON.stringify(Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1))));
}
