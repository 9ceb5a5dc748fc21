import Mustache from "mustache";
import type { Piece } from "./bundle";

/** A value a template may place: text, a number, or a late-bound reference that the host resolves. */
export type ViewValue = string | number | { readonly ref: string };

/** What one template is given: every name it uses and no other. A list repeats its section, once for each entry. */
export interface View {
  readonly [name: string]: ViewValue | readonly View[];
}

/** Which characters a file format lets through. `plain` is for nft, systemd and fail2ban, whose values are addresses and numbers. */
export type FileFormat = "asterisk" | "plain";

/** A template and a view that do not fit each other, or a value its file format cannot hold; always our own mistake. */
export class TemplateError extends Error {
  constructor(template: string, problem: string) {
    super(`${template}: ${problem}`);
    this.name = "TemplateError";
  }
}

// Private-use characters mark where a late-bound value belongs; no value may hold them.
const refOpen = "\uE000";
const refClose = "\uE001";
const unsafeAnywhere = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\uE000\uE001]/;

const allowed: Record<FileFormat, RegExp> = {
  asterisk: /^[\p{L}\p{N} _.:/@+=\-[\]]*$/u,
  plain: /^[A-Za-z0-9 _.:/@+=-]*$/,
};

/**
 * Renders one template. Stricter than mustache itself: nothing is HTML-escaped, a line break in a value throws, triple
 * braces, `&`, partials and changed delimiters are refused, every name in the template must be in the view of its own
 * section, and every name in the view must be used.
 * @throws TemplateError
 */
export function renderTemplate(name: string, template: string, view: View, format: FileFormat): Piece[] {
  checkSection(name, Mustache.parse(template) as Token[], [view]);
  const escape = (value: unknown) => escapeValue(name, value as ViewValue, format);
  return splitPieces(Mustache.render(template, view, {}, { escape }));
}

type Token = [kind: string, value: string, start: number, end: number, inner?: Token[]];

function checkSection(template: string, tokens: readonly Token[], views: readonly View[]): void {
  const used = new Map(tokens.filter(([kind]) => kind !== "text").map((token) => [token[1], token]));
  for (const [kind, name] of used.values()) {
    if (kind !== "name" && kind !== "#") throw new TemplateError(template, `"${kind}" tags are not allowed (${name})`);
  }
  for (const view of views) {
    for (const name of Object.keys(view))
      if (!used.has(name)) throw new TemplateError(template, `"${name}" is provided but not used`);
  }
  for (const token of tokens) checkToken(template, token, views);
}

function checkToken(template: string, [kind, name, , , inner]: Token, views: readonly View[]): void {
  if (kind === "text") return;
  const values = views.map((view) => {
    const value = view[name];
    if (value === undefined) throw new TemplateError(template, `"${name}" is used but not provided`);
    return value;
  });
  if (kind === "#") {
    const entries = values.map((value) => {
      if (!Array.isArray(value)) throw new TemplateError(template, `section "${name}" needs a list`);
      return value as readonly View[];
    });
    checkSection(template, inner ?? [], entries.flat());
  } else if (values.some((value) => Array.isArray(value))) {
    throw new TemplateError(template, `"${name}" is a list; use it as a section`);
  }
}

function escapeValue(template: string, value: ViewValue, format: FileFormat): string {
  if (typeof value === "object") return `${refOpen}${value.ref}${refClose}`;
  const text = String(value);
  if (unsafeAnywhere.test(text)) throw new TemplateError(template, "a value holds a line break or control character");
  if (!allowed[format].test(text))
    throw new TemplateError(template, `the value ${JSON.stringify(text)} holds a character this file cannot carry`);
  return text;
}

function splitPieces(text: string): Piece[] {
  const [first = "", ...parts] = text.split(refOpen);
  const pieces: Piece[] = first === "" ? [] : [first];
  for (const part of parts) {
    const end = part.indexOf(refClose);
    pieces.push({ ref: part.slice(0, end) });
    if (end + 1 < part.length) pieces.push(part.slice(end + 1));
  }
  return pieces;
}
