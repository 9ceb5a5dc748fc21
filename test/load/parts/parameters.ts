/** Reads the table of `pjsip show …` and of `rtp show settings`: what stands before the first colon → what stands after it. */
export function parametersIn(answer: string): ReadonlyMap<string, string> {
  const rows = answer.split("\n").flatMap((line) => {
    const [, name, value] = /^\s*([^:]+?)\s*:\s*(.*?)\s*$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : ([[name, value]] as const);
  });
  return new Map(rows);
}
