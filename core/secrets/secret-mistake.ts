import { WeakMasterSecretError } from "./derive-secrets";
import { LogClientKeyError } from "./log-client-key";
import { WeakPasswordError } from "./password-strength";
import { TrunkPasswordError } from "./trunk-password";

const mistakes = [WeakMasterSecretError, WeakPasswordError, TrunkPasswordError, LogClientKeyError];

/** Whether an error says what its reader gave wrongly as a secret; its message tells the cure, and no secret. */
export function isSecretMistake(error: unknown): error is Error {
  return mistakes.some((kind) => error instanceof kind);
}
