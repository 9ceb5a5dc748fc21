/** A pattern CloudWatch Logs would refuse, or one whose meaning is not documented. */
export class PatternError extends Error {}

/** How many regular expressions are in a pattern. */
export const regexCount = (pattern: string): number => [...pattern.matchAll(/%[^%]+%/g)].length;

/**
 * A `%regex%`: letters, digits, the symbols and operators the guide lists, no parentheses, nothing beyond ASCII.
 * @throws PatternError
 */
export function compileRegex(source: string): RegExp {
  if (!/^[A-Za-z0-9:_#=@/;,\-^$?[\]{}|\\*+. ]+$/.test(source))
    throw new PatternError(`%${source}% holds what no regex may`);
  return new RegExp(source);
}
