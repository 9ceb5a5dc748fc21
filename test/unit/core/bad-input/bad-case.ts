/** What it is, the input, the beginning of every issue it must raise, and words of a cure. */
export type BadCase = readonly [what: string, input: unknown, issues: readonly string[], cure: string];
