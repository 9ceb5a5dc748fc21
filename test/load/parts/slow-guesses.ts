/** A failure as Asterisk would have logged it, from another address and some minutes ago. */
export interface PastFailure {
  /** IPv4 or IPv6, as Asterisk writes it. */
  readonly from: string;
  readonly minutesAgo: number;
}

/** Log lines of past failures, made from one that Asterisk wrote; raises an `Error` when that is no failure over IPv4. */
export function failuresLike(line: string, failures: readonly PastFailure[]): string {
  const [address] = /RemoteAddress=\\"IPV4\/UDP\/[\d.]+\//.exec(line) ?? [];
  if (address === undefined) throw new Error(`no failure over IPv4: ${line}`);
  const past = failures.map(({ from, minutesAgo }) => {
    const kind = from.includes(":") ? "IPV6" : "IPV4";
    return line
      .replace(address, `RemoteAddress=\\"${kind}/UDP/${from}/`)
      .replace(/"timestamp":"[^"]*"/, `"timestamp":"${localTime(new Date(Date.now() - minutesAgo * 60_000))}"`);
  });
  return past.map((text) => `${text}\n`).join("");
}

/** As Asterisk's logger writes it, in the machine's own time zone. */
function localTime(date: Date): string {
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19).replace("T", " ");
}
