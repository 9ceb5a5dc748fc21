import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { hookName } from "../../components/hook-name";

const rooms = path.join(__dirname, "../../components");

test("two components of one name, under two parents, have hooks of two names", () => {
  expect([hookName("pbx-reach"), hookName("pbx-reach"), hookName("other-reach")]).toEqual([
    "pbx-reach",
    "pbx-reach-2",
    "other-reach",
  ]);
});

test("every hook of the product has its name from there", () => {
  const files = readdirSync(rooms, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  const made = files.flatMap((name) => [
    ...readFileSync(path.join(rooms, name), "utf8").matchAll(/new pulumi\.\w*Hook\(\s*(\w*)/g),
  ]);
  expect(made.length).toBeGreaterThan(2);
  expect(made.filter(([, first]) => first !== "hookName").map(([text]) => text)).toEqual([]);
});
