/** Frames `text` as a netstring, `length:text,`, the way baresip's control port wants its commands. */
export function toNetstring(text: string): string {
  return `${Buffer.byteLength(text)}:${text},`;
}

/** Takes the complete netstrings off the front of `bytes`; `rest` is what has not fully arrived. Raises on bad framing. */
export function takeNetstrings(bytes: Buffer): { texts: string[]; rest: Buffer } {
  const texts: string[] = [];
  let rest = bytes;
  for (;;) {
    const colon = rest.indexOf(":");
    if (colon === -1) return { texts, rest };
    const length = Number(rest.toString("latin1", 0, colon));
    if (!Number.isInteger(length)) throw new Error(`not a netstring: ${rest.toString("utf8", 0, 40)}`);
    const end = colon + 1 + length;
    if (rest.length <= end) return { texts, rest };
    texts.push(rest.toString("utf8", colon + 1, end));
    rest = rest.subarray(end + 1);
  }
}
