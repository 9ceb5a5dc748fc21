import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { run } from "../../sandbox/command";
import { ensureAsteriskPackage, packageRecipe } from "../../tools/asterisk-build/asterisk-package";
import { digestOfFile, fetchSources } from "../../tools/asterisk-build/fetch-sources";
import { pinnedSource, readPinnedSource, type PinnedSource } from "../../tools/asterisk-build/pinned-source";

const hours = 3_600_000;
const progress = (line: string) => void process.stderr.write(`${line}\n`);
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "asterisk-build-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Builds in a cache of its own: from a fresh root file system, whatever was built before. */
async function build(cache: string, source?: string, own?: string) {
  const [built, ...more] = await ensureAsteriskPackage({
    progress,
    cache: path.join(folder, cache),
    ...(source === undefined ? {} : { source }),
    ...(own === undefined ? {} : { own }),
  });
  expect(more).toEqual([]);
  if (built === undefined) throw new Error("no package was built");
  return built;
}

test(
  "two builds from clean roots give the same package, bit by bit, and leave nothing else behind",
  async () => {
    const [first, second] = [await build("one"), await build("two")];
    expect(second.sha256).toBe(first.sha256);
    expect(readFileSync(second.path).equals(readFileSync(first.path))).toBe(true);
    expect(readdirSync(path.dirname(first.path)).sort()).toEqual(["built-with.txt", path.basename(first.path)].sort());
    expect((await run(["findmnt", "--noheadings", "--output", "TARGET"])).includes(folder)).toBe(false);
  },
  4 * hours,
);

/**
 * Tarballs of the shape that upstream publishes, made out of Debian's: without Debian's patches but for the two that mend what Debian
 * leaves out of its copy. Upstream's own files hold more.
 */
async function upstreamSource(): Promise<{ file: string; own: string }> {
  const pinned = readPinnedSource(pinnedSource);
  const own = path.join(folder, "upstream");
  await fetchSources(pinned, own, undefined, progress);
  const named = (ending: string) =>
    path.join(own, Object.keys(pinned.files).find((name) => name.endsWith(ending)) ?? "");
  const tar = "tar --sort=name --owner=0 --group=0 --mtime=@1 --create";
  const script = `cd "$1" && mkdir a p d && tar xf "$2" -C a && tar xf "$3" -C p && tar xf "$4" -C d && cd a/* &&
    version=$(sed -n 's/^PJPROJECT_VERSION=//p' third-party/versions.mak) && mv "$1"/p/* "$1/pjproject-$version" &&
    patch -sp1 < "$1/d/debian/patches/2008_disable_ilbc.patch" &&
    patch -sp2 -d "$1/pjproject-$version" < "$1/d/debian/patches/2014_pjproject_unbreak.patch" &&
    ${tar} --bzip2 --file "$1/pjproject-$version.tar.bz2" -C "$1" "pjproject-$version" &&
    (cd "$1" && md5sum "pjproject-$version.tar.bz2") > "third-party/pjproject/pjproject-$version.tar.bz2.md5" &&
    cd .. && ${tar} --gzip --file "$1/asterisk-22.tar.gz" * && rm -r "$1/a" "$1/p" "$1/d" "$1/pjproject-$version"`;
  await run(
    ["sh", "-ec", script, "sh", own, named(".orig.tar.xz"), named("Xpjproject.tar.xz"), named(".debian.tar.xz")],
    { timeout: 600_000 },
  );
  const names = readdirSync(own).filter((name) => /^(asterisk-22\.tar\.gz|pjproject-.*\.tar\.bz2)$/.test(name));
  const source: PinnedSource = {
    version: "1:22.10.1-0~ha13+1",
    kind: "upstream",
    date: pinned.date,
    places: [],
    files: Object.fromEntries(names.map((name) => [name, digestOfFile(path.join(own, name))])),
  };
  const file = path.join(folder, "upstream.json");
  writeFileSync(file, JSON.stringify(source));
  return { file, own };
}

test(
  "upstream's tarballs give a package too, with the same modules; one that was altered gives none",
  async () => {
    const { file, own } = await upstreamSource();
    const built = await build("upstream", file, own);
    const listed = await run(["dpkg-deb", "--contents", built.path]);
    const modules = [...listed.matchAll(/\/([\w]+\.so)$/gm)].map(([, module]) => module);
    expect(modules.sort()).toEqual(packageRecipe().variables["MODULES"]?.split(" ").sort());
    const [tarball = ""] = Object.keys(readPinnedSource(file).files);
    writeFileSync(path.join(own, tarball), "altered");
    const other = path.join(folder, "other.json");
    writeFileSync(other, JSON.stringify({ ...readPinnedSource(file), date: 1_700_000_000 }));
    await expect(build("altered", other, own)).rejects.toThrow(/its sha256 is [0-9a-f]{64}, pinned is/);
  },
  2 * hours,
);
