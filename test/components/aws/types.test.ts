import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

const dist = path.join(__dirname, "../../../dist");

/** Modules that a declaration file and those it names bring in, other than our own. */
function broughtIn(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return new Set();
  seen.add(file);
  const found = new Set<string>();
  for (const [, name = ""] of readFileSync(file, "utf8").matchAll(/(?:from|import\() ?"([^"]+)"/g)) {
    if (!name.startsWith(".")) found.add(name);
    else for (const more of broughtIn(`${path.resolve(path.dirname(file), name)}.d.ts`, seen)) found.add(more);
  }
  return found;
}

test("a program that uses the component is not made to read the types of all of AWS", () => {
  expect(existsSync(path.join(dist, "aws.d.ts"))).toBe(true);
  const modules = broughtIn(path.join(dist, "aws.d.ts"));
  expect(modules).toContain("@pulumi/pulumi");
  expect([...modules].filter((name) => name.startsWith("@pulumi/aws"))).toEqual([]);
  // The walk sees what is there: a part's own declarations do bring them in.
  expect(broughtIn(path.join(dist, "components/aws/evidence.d.ts"))).toContain("@pulumi/aws");
});
