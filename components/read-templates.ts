import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { TemplateError } from "../core/bundle/mustache";
import type { TemplateSet } from "../core/bundle/render-bundle";

/** The folder of this package, whether it runs from its sources or from `dist/`. */
export function packageRoot(): string {
  let folder = __dirname;
  while (!existsSync(path.join(folder, "package.json"))) folder = path.dirname(folder);
  return folder;
}

// A long template lies in parts: `{{> sets}}` on a line of its own stands for `<template>.parts/sets.mustache`.
const part = /^\{\{> ([a-z-]+)\}\}\n/gm;

/**
 * Reads every `templates/…/*.mustache` of this package, keyed by the path of the file it makes, with its parts in place.
 * @throws TemplateError when a part is missing.
 */
export function readTemplates(): TemplateSet {
  const root = path.join(packageRoot(), "templates");
  const names = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".mustache"));
  const texts = new Map(
    names.map((name) => [`/${name.slice(0, -".mustache".length)}`, readFileSync(path.join(root, name), "utf8")]),
  );
  const whole = [...texts].filter(([name]) => !name.includes(".parts/"));
  return new Map(whole.map(([name, text]) => [name, withParts(name, text, texts)]));
}

function withParts(name: string, text: string, texts: TemplateSet): string {
  return text.replace(part, (_line, word: string) => {
    const found = texts.get(`${name}.parts/${word}`);
    if (found === undefined) throw new TemplateError(`templates${name}.mustache`, `its part "${word}" is missing`);
    return found;
  });
}
