/** One section of an Asterisk .conf file. */
export interface Section {
  readonly name: string;
  readonly options: readonly { readonly key: string; readonly value: string }[];
}

const header = /^\[([^\]]+)\](?:\(([^)]*)\))?/;

/**
 * Reads a .conf file as Asterisk's config.c does, as far as our files go: comments, `[x](!)` templates, which are left out,
 * and `[x](template)`. Raises an `Error` with the line for anything else.
 */
export function readConf(text: string): Section[] {
  const templates = new Map<string, Section>();
  const sections: Section[] = [];
  let options: { key: string; value: string }[] | undefined;
  for (const raw of text.split("\n")) {
    const line = raw.replace(/\s*;.*$/, "").trim();
    if (line === "" || line.startsWith("#include ")) continue;
    const [, name, how = ""] = header.exec(line) ?? [];
    if (name !== undefined) {
      const base = how === "" || how === "!" ? undefined : templates.get(how);
      if (base === undefined && how !== "" && how !== "!") throw new Error(`no template for: ${raw}`);
      options = [...(base?.options ?? [])];
      if (how === "!") templates.set(name, { name, options });
      else sections.push({ name, options });
      continue;
    }
    const [, key, value] = /^([^=>\s]+)\s*=>?\s*(.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined || options === undefined) throw new Error(`not understood: ${raw}`);
    options.push({ key, value });
  }
  return sections;
}

/** The value of a section's `type`, by which pjsip and pjproject tell objects apart; undefined without one. */
export function typeOf(section: Section): string | undefined {
  return section.options.filter(({ key }) => key === "type").at(-1)?.value;
}
