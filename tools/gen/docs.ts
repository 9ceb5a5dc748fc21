import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { format } from "prettier";
import { readTemplates } from "../../components/read-templates";
import { cliPage } from "./cli-page";
import { limitsPage } from "./limits-page";
import { numberingPage } from "./numbering-page";
import { protectionsPage } from "./protections-page";
import { specPage } from "./spec-page";
import { whatHappenedPage } from "./what-happened-page";

const folder = path.join(__dirname, "../../docs");

/** Pages of `docs/`, each made from code. */
async function pages(): Promise<ReadonlyMap<string, string>> {
  const schema = JSON.parse(readFileSync(path.join(__dirname, "../../test/schema/schema.json"), "utf8")) as unknown;
  const texts = new Map([
    ["reference/spec.md", specPage(schema)],
    ["reference/protections.md", protectionsPage(readTemplates())],
    ["cli.md", await cliPage()],
    ["limits.md", limitsPage()],
    ["numbering.md", numberingPage()],
    ["what-happened.md", whatHappenedPage()],
  ]);
  const formatted = [...texts].map(
    async ([name, text]) => [name, await format(text, { parser: "markdown", printWidth: 120 })] as const,
  );
  return new Map(await Promise.all(formatted));
}

async function main(check: boolean): Promise<void> {
  mkdirSync(path.join(folder, "reference"), { recursive: true });
  for (const [name, text] of await pages()) {
    const file = path.join(folder, name);
    if (!check) writeFileSync(file, text);
    else if (!existsSync(file) || readFileSync(file, "utf8") !== text) {
      console.log(`docs/${name} is not what the code says; run \`npm run generate\``);
      process.exitCode = 1;
    }
  }
}

void main(process.argv.includes("--check"));
