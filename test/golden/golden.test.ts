import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { renderScenario, resolvePieces } from "./render-scenario";

const scenarios = readdirSync(__dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

describe.each(scenarios)("scenario %s", (name) => {
  const { folder, bundle, values } = renderScenario(name);
  const goldenFolder = path.join(folder, "files");
  const rendered = new Map(
    bundle.files.map(({ path: file, content }) => [file.slice(1), resolvePieces(content, values)]),
  );

  if (process.env["UPDATE_GOLDEN"] === "1") {
    rmSync(goldenFolder, { recursive: true, force: true });
    for (const [file, text] of rendered) {
      mkdirSync(path.dirname(path.join(goldenFolder, file)), { recursive: true });
      writeFileSync(path.join(goldenFolder, file), text);
    }
  }

  test("has exactly the golden files", () => {
    const golden = existsSync(goldenFolder)
      ? readdirSync(goldenFolder, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => path.relative(goldenFolder, path.join(entry.parentPath, entry.name)))
      : [];
    expect([...rendered.keys()].sort()).toEqual(golden.sort());
  });

  test.each([...rendered.keys()])("%s is as the golden file", (file) => {
    expect(rendered.get(file)).toBe(readFileSync(path.join(goldenFolder, file), "utf8"));
  });

  test("carries no secret, only references", () => {
    const text = JSON.stringify(bundle);
    for (const value of Object.values(values)) expect(text).not.toContain(value);
  });
});
