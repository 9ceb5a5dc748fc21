import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { TemplateSet } from "../core/bundle/render-bundle";

/** The folder of this package, whether it runs from its sources or from `dist/`. */
export function packageRoot(): string {
  let folder = __dirname;
  while (!existsSync(path.join(folder, "package.json"))) folder = path.dirname(folder);
  return folder;
}

/** Reads every `templates/…/*.mustache` of this package, keyed by the path of the file it makes. */
export function readTemplates(): TemplateSet {
  const root = path.join(packageRoot(), "templates");
  const names = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".mustache"));
  return new Map(
    names.map((name) => [`/${name.slice(0, -".mustache".length)}`, readFileSync(path.join(root, name), "utf8")]),
  );
}
