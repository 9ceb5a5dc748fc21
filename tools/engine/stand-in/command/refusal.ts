/** How often a dial is worth repeating after a refusal, and the pause before that in milliseconds. */
interface Repeat {
  readonly retries: number;
  readonly pause: number;
}

/**
 * What a server's refusal means for further dials; undefined for every other error. Another host key stays another one. A refused
 * login may be that of a machine that boots (pam_nologin refuses all but root until the end of it), but sshd counts each one against
 * the address (PerSourcePenalties: 5 s by default), so two more, five seconds apart. The official provider dials to its limit.
 */
export function repeatAfter(error: unknown): Repeat | undefined {
  if (!(error instanceof Error)) return undefined;
  if (/^Host denied|no matching host key format/.test(error.message)) return { retries: 0, pause: 0 };
  if ("level" in error && error.level === "client-authentication") return { retries: 2, pause: 5_000 };
  return undefined;
}
