import * as pulumi from "@pulumi/pulumi";

/**
 * An error to throw inside an output, for what a person has to mend: shown as it is, once, without a stack trace. The SDK would put
 * before its text where the output was serialized, and hang the rejected promise on it: printing that took gigabytes of memory.
 */
export function outputError(message: string): pulumi.RunError {
  const error = new pulumi.RunError(message);
  const ignore = () => undefined;
  return Object.defineProperties(error, {
    message: { get: () => message, set: ignore },
    promise: { get: ignore, set: ignore },
  });
}
