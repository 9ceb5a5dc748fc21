import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { parse } from "yaml";
import { parseSpec } from "../../core/spec/parse-spec";

const root = path.join(__dirname, "../..");
const pages = [
  "README.md",
  ...readdirSync(path.join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

/** The fenced blocks of one language on one page. */
function blocks(page: string, language: string): string[] {
  const text = readFileSync(path.join(root, page), "utf8");
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, "gm"))].map(([, code = ""]) => code);
}

/** The files of YAML that a page's lines for the shell write. */
function writtenFiles(page: string): string[] {
  const here = /^cat > \S+\.yaml <<'END'\n([^]*?)^END$/gm;
  return blocks(page, "sh").flatMap((code) => [...code.matchAll(here)].map(([, text = ""]) => text));
}

const programs = pages.flatMap((page) =>
  blocks(page, "ts").map((code, index) => ({ name: `${page}, program ${index + 1}`, code })),
);
const specs = pages.flatMap((page) =>
  [...blocks(page, "yaml"), ...writtenFiles(page)].map((code, index) => ({ name: `${page}, spec ${index + 1}`, code })),
);

test("the pages hold examples", () => {
  expect(writtenFiles("README.md")).toHaveLength(1);
  expect([programs.length, specs.length].every((count) => count > 0)).toBe(true);
});

test.each(specs)("$name is a spec that can be built", ({ code }) => {
  const document = parse(code) as Record<string, unknown>;
  expect(parseSpec(document["pbx:spec"] ?? document, new Date("2026-06-01"))).toHaveProperty("spec");
});

test.each(programs)(
  "$name compiles",
  ({ code }) => {
    const folder = mkdtempSync(path.join(root, "test/schema/example-"));
    try {
      const file = path.join(folder, "index.ts");
      writeFileSync(file, code.replaceAll('"hardened-asterisk"', '"../../../index"'));
      const { options } = ts.parseJsonConfigFileContent(
        ts.readConfigFile(path.join(root, "tsconfig.json"), (name) => ts.sys.readFile(name)).config,
        ts.sys,
        root,
      );
      const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram([file], options));
      expect(diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  60_000,
);
