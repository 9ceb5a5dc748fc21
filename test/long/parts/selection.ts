/**
 * The part of a long list that `FAULT_PART=k/n` asks for: the k-th and every n-th after it, so that a run can be done, and resumed,
 * in parts. Default: all. Raises an `Error` when `FAULT_PART` is neither.
 */
export function selected<T>(all: readonly T[]): T[] {
  const given = process.env.FAULT_PART;
  if (given === undefined) return [...all];
  const [, part, parts] = (/^(\d+)\/(\d+)$/.exec(given) ?? []).map(Number);
  if (part === undefined || parts === undefined || part < 1 || part > parts)
    throw new Error(`FAULT_PART must be k/n with k from 1 to n, such as 1/10, not "${given}"`);
  return all.filter((_, index) => index % parts === part - 1);
}
