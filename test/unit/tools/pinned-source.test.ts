import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { asterisk22 } from "../../../core/platform/asterisk/22";
import { tryRun } from "../../../sandbox/command";
import { nameOf } from "../../../sandbox/image/recipe";
import { packageRecipe } from "../../../tools/asterisk-build/asterisk-package";
import { fetchSources } from "../../../tools/asterisk-build/fetch-sources";
import { pinnedSource, readPinnedSource, type PinnedSource } from "../../../tools/asterisk-build/pinned-source";

const folder = mkdtempSync(path.join(tmpdir(), "pinned-source-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const pinned = readPinnedSource(pinnedSource);
let number = 0;
const written = (source: unknown): string => {
  const file = path.join(folder, `${++number}.json`);
  writeFileSync(file, typeof source === "string" ? source : JSON.stringify(source));
  return file;
};

test("what is pinned is not below the version floor, and sorts below Debian 14's own package", async () => {
  const compare = async (one: string, operator: string, other: string) =>
    (await tryRun(["dpkg", "--compare-versions", one, operator, other])).code;
  expect(await compare(pinned.version, "ge", asterisk22.minimum)).toBe(0);
  expect(await compare(pinned.version, "lt", pinned.version.replace(/~ha13.*/, ""))).toBe(0);
  expect(pinned.version).toContain("~ha13");
});

test("any change of version, digest or modules is another package", () => {
  const [first = ""] = Object.keys(pinned.files);
  const names = [
    packageRecipe(),
    packageRecipe({ full: true }),
    packageRecipe({ source: written({ ...pinned, version: "1:22.10.2-1~ha13+1" }) }),
    packageRecipe({ source: written({ ...pinned, files: { ...pinned.files, [first]: "0".repeat(64) } }) }),
  ].map(nameOf);
  expect(new Set(names).size).toBe(names.length);
  expect(nameOf(packageRecipe({ source: written(pinned) }))).toBe(names[0]);
  // Where a file is fetched from changes nothing that is built.
  expect(nameOf(packageRecipe({ source: written({ ...pinned, places: ["https://sources.invalid"] }) }))).toBe(names[0]);
});

test.each<[string, unknown, RegExp]>([
  ["no JSON", "{", /1?\d\.json: .*JSON/],
  [
    "a version without an epoch",
    { ...pinned, version: "22.10.1-1" },
    /version: must be a Debian version with an epoch/,
  ],
  ["a digest that is none", { ...pinned, files: { "a.dsc": "x" } }, /files\.a\.dsc: must be a sha256/],
  ["a path for a name", { ...pinned, files: { "../a.dsc": "0".repeat(64) } }, /is not a plain file name/],
  ["no .dsc", { ...pinned, files: {} }, /files: a source of kind "debian" has exactly one file .*dsc/],
  [
    "no pjproject",
    { ...pinned, kind: "upstream", files: { "asterisk-1.tar.gz": "0".repeat(64) } },
    /one file .*pjproject/,
  ],
  ["a place that is no web address", { ...pinned, places: ["file:///tmp"] }, /places\.0: must begin with/],
  ["a word that nobody knows", { ...pinned, digest: 1 }, /Unrecognized key/],
])("%s is refused, with the file and the place in it", (_what, source, words) => {
  const file = written(source);
  expect(() => readPinnedSource(file)).toThrow(words);
  expect(() => readPinnedSource(file)).toThrow(file);
});

test("Debian's whole packaging is refused for upstream's tarballs, which lack it", () => {
  const files = { "asterisk-1.tar.gz": "0".repeat(64), "pjproject-1.tar.bz2": "0".repeat(64) };
  const source = written({ ...pinned, kind: "upstream", files });
  expect(packageRecipe({ source }).variables["KIND"]).toBe("upstream");
  expect(() => packageRecipe({ source, full: true })).toThrow(
    `${source}: kind: "upstream" has no packaging of Debian's`,
  );
});

test("a file at hand counts only with its digest, and one that nobody has is told with what to do", async () => {
  const source: PinnedSource = { ...pinned, places: [], files: { "a.dsc": "0".repeat(64) } };
  const said: string[] = [];
  const fetching = () => fetchSources(source, path.join(folder, "cache"), folder, (line) => said.push(line));
  await expect(fetching()).rejects.toThrow(/a\.dsc could not be fetched:[^]*--sources/);
  writeFileSync(path.join(folder, "a.dsc"), "altered");
  await expect(fetching()).rejects.toThrow(/a\.dsc: its sha256 is [0-9a-f]{64}, pinned is 0{64}/);
  expect(() => readFileSync(path.join(folder, "cache/a.dsc"))).toThrow("ENOENT");
  expect(said).toEqual([]);
});
