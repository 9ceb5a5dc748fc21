/** First and last port of a range, both in it. */
export type PortRange = readonly [from: number, to: number];

/** Ports and ranges such as `"10000-10199"` as few ranges: neighbours are joined, each is named once. */
export function joinedPorts(rules: readonly { readonly ports: readonly string[] }[]): PortRange[] {
  const ranges = rules
    .flatMap(({ ports }) => ports)
    .map((text): PortRange => {
      const [from = "", to = from] = text.split("-");
      return [Number(from), Number(to)];
    })
    .sort(([a], [b]) => a - b);
  return ranges.reduce<PortRange[]>((joined, [from, to]) => {
    const last = joined.at(-1);
    if (last === undefined || from > last[1] + 1) return [...joined, [from, to]];
    return [...joined.slice(0, -1), [last[0], Math.max(last[1], to)]];
  }, []);
}
