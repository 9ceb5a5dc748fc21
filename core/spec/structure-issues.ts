import type { Issue } from "../issue";

/** A PBX of 10,000 phones has about 80,000 values. */
const mostValues = 200_000;
const longestText = 4096;
const deepest = 12;

/** Cuts what an issue repeats of its input. */
export function clipped(text: string, length = 60): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}

/**
 * What a value is refused for before it is read as a spec: more or longer than any spec, or a key that JavaScript keeps
 * for itself and that would vanish silently. An issue that is `final` leaves nothing else to judge.
 */
export function structureIssues(input: unknown): { readonly issues: readonly Issue[]; readonly final: boolean } {
  const reserved: Issue[] = [];
  const waiting: { value: unknown; path: string; depth: number }[] = [{ value: input, path: "", depth: 0 }];
  const refuse = (path: string, message: string) => ({ issues: [{ path, message }], final: true });
  for (let seen = 0, next = waiting.pop(); next !== undefined; seen++, next = waiting.pop()) {
    const { value, path, depth } = next;
    if (seen > mostValues) return refuse("", `has more than ${mostValues} values; split it over several PBXs`);
    if (typeof value === "string" && value.length > longestText)
      return refuse(path, `is a text of more than ${longestText} characters; write what is meant in its place`);
    if (typeof value !== "object" || value === null) continue;
    const keys = Object.keys(value);
    if (keys.length > mostValues) return refuse(path, `has more than ${mostValues} values; split it over several PBXs`);
    if (depth >= deepest && keys.length > 0)
      return refuse(path, "is nested deeper than any spec; check the indentation");
    for (const key of keys) {
      const below = path === "" ? clipped(key) : `${path}.${clipped(key)}`;
      if (key.length > longestText) return refuse(below, `is a key of more than ${longestText} characters; shorten it`);
      if (key === "__proto__") reserved.push({ path: below, message: "cannot be a name or key; choose another" });
      else waiting.push({ value: (value as Record<string, unknown>)[key], path: below, depth: depth + 1 });
    }
  }
  return { issues: reserved, final: false };
}
