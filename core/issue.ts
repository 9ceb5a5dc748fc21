/** One reason to refuse a spec: where it stands, what is wrong and what to do about it. */
export interface Issue {
  /** Path inside the spec, for example `phones.reception.number`; empty for the spec as a whole. */
  readonly path: string;
  readonly message: string;
  /** Id of the protection that would be given up; a waiver of it turns the issue into a warning. Absent: nothing does. */
  readonly protection?: string;
}

const mostShown = 100;

/** A spec that cannot be built; its message lists the issues, the first 100, one per line, and is meant for the owner. */
export class SpecError extends Error {
  constructor(readonly issues: readonly Issue[]) {
    const lines = issues.slice(0, mostShown).map(({ path, message }) => `  ${path === "" ? "spec" : path}: ${message}`);
    if (issues.length > mostShown) lines.push(`  and ${issues.length - mostShown} more`);
    super(`The PBX spec has ${issues.length === 1 ? "1 issue" : `${issues.length} issues`}:\n${lines.join("\n")}`);
    this.name = "SpecError";
  }
}
