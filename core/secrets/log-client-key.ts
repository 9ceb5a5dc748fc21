import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";

/** Longest value the host takes, in characters. */
const longest = 256;

/** Raised for a key that does not go with the certificate shown to the receiver of logs; the message does not repeat it. */
export class LogClientKeyError extends Error {
  constructor(why: string) {
    super(`logClientKey: ${why}`);
    this.name = "LogClientKeyError";
  }
}

/**
 * The key as it travels: PKCS#8 in base64. `certificate` is the PEM lines it must fit, its own certificate first.
 * @throws LogClientKeyError when it is missing, no private key, an RSA key, or another certificate's.
 */
export function logClientKey(pem: string | undefined, certificate: readonly string[]): string {
  if (pem === undefined)
    throw new LogClientKeyError("is missing; give the private key of logs.clientCertificate, in PEM");
  const key = privateKey(pem);
  if (!new X509Certificate(certificate.join("\n")).checkPrivateKey(key))
    throw new LogClientKeyError(
      "does not belong to logs.clientCertificate; give the key that certificate was made for",
    );
  const text = key.export({ type: "pkcs8", format: "der" }).toString("base64");
  if (text.length > longest)
    throw new LogClientKeyError(
      "is longer than an elliptic-curve key; make one with `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`",
    );
  return text;
}

function privateKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new LogClientKeyError("is not a private key in PEM without a passphrase");
  }
}
