import type { Issue } from "../issue";
import type { AcmeSpec, PbxSpec } from "./spec";

/** Ends of names that no public authority gives a certificate to (RFC 6761, RFC 6762, RFC 8375 and ICANN's list of private ends). */
const privateEnds = ["arpa", "corp", "example", "home", "internal", "invalid", "lan", "local", "localhost", "test"];

/** What does not go together in the choice of the certificate. */
export function tlsIssues({ tls }: PbxSpec): Issue[] {
  if (tls === undefined) return [];
  const { certificate, privateKey, acme } = tls;
  const files = { certificate, privateKey };
  const named = Object.entries(files).filter(([, path]) => path !== undefined);
  if (acme !== undefined)
    return [
      ...named.map(([key]) => ({
        path: `tls.${key}`,
        message: "does not go with `acme`, which makes the key and asks for the certificate; remove one of the two",
      })),
      ...acmeIssues(acme),
    ];
  if (named.length === 0) {
    const message = "names no certificate; give certificate and privateKey, or acme, or leave tls out for a private CA";
    return [{ path: "tls", message }];
  }
  return Object.entries(files)
    .filter(([, path]) => path === undefined)
    .map(([key]) => ({ path: `tls.${key}`, message: "is missing; a certificate goes with its private key" }));
}

function acmeIssues({ name, directory, ca }: AcmeSpec): Issue[] {
  const end = name.split(".").at(-1) ?? "";
  const issues: Issue[] = [];
  if (ca === undefined && privateEnds.includes(end))
    issues.push({
      path: "tls.acme.name",
      message: `"${name}" is a name of private networks, to which no public authority gives a certificate; write a public name, or for an ACME server of your own its directory and ca`,
    });
  if (ca !== undefined && directory === undefined)
    issues.push({
      path: "tls.acme.ca",
      message: "is for an ACME server of your own; name its directory, or leave ca out for Let's Encrypt",
    });
  return issues;
}
