import * as pulumi from "@pulumi/pulumi";
import { outputError } from "../output-error";

/**
 * Refuses what is known only inside an output. Thrown there, an error is shown wrapped, with a stack trace and once for each input that it
 * flows into. A preview therefore goes on, and the error is thrown outside of it, which is shown once and fails the preview; a rejected
 * promise of nobody's made the program grow without end. An `up` without a preview must make nothing of what is refused.
 * @throws pulumi.RunError at once where nothing is previewed.
 */
export function refuseLate(words: string): void {
  if (!pulumi.runtime.isDryRun()) throw outputError(words);
  setImmediate(() => {
    throw new pulumi.RunError(words);
  });
}
