import { inNamespace, run, tryRun, type CommandResult } from "../../../sandbox/command";

/** Who connects to which TLS port. */
export interface TlsClient {
  readonly namespace: string;
  /** IPv4 address of the PBX; its TLS port is 5061. */
  readonly target: string;
}

/** `openssl s_client`, which ends with 0 only when it accepts the certificate; baresip 1.0 was seen to accept any. */
export function handshake({ namespace, target }: TlsClient, ...options: string[]): Promise<CommandResult> {
  const client = ["openssl", "s_client", "-connect", `${target}:5061`, "-verify_return_error", ...options];
  return tryRun(inNamespace(namespace, client), { timeout: 20_000 });
}

/** Makes the certificate of a CA that has signed nothing, in the files given. */
export async function makeOtherAuthority(key: string, certificate: string): Promise<void> {
  const request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=other"];
  await run([...request, "-keyout", key, "-out", certificate]);
}
