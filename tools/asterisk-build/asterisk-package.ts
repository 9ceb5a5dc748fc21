import { readdirSync } from "node:fs";
import path from "node:path";
import { asterisk22 } from "../../core/platform/asterisk/22";
import { cacheOf, ensureBuilt, nameOf, type Recipe } from "../../sandbox/image/recipe";
import { noteUse, prune } from "../../sandbox/prune";
import { digestOfFile, fetchSources } from "./fetch-sources";
import { pinnedSource, PinnedSourceError, readPinnedSource } from "./pinned-source";

/** What {@link ensureAsteriskPackage} is asked for. */
export interface PackageOptions {
  readonly progress: (line: string) => void;
  readonly signal?: AbortSignal;
  /** File of pinned sources. Default: that of this release. */
  readonly source?: string;
  /** Folder of source files at hand, instead of the pinned places. Default: none. */
  readonly own?: string;
  /** Debian's whole packaging, as eleven packages for a repository of one's own. Default: one trimmed package. */
  readonly full?: boolean;
  /** Folder that results are kept in. Default: that of this project's cache. */
  readonly cache?: string;
}

/** A built package file. */
export interface BuiltPackage {
  readonly path: string;
  /** In hex. */
  readonly sha256: string;
}

/** What the trimmed package is built with; `file` and `perl` come along with dpkg-dev. */
const tools = [
  "build-essential",
  "pkgconf",
  "libcap-dev",
  "libedit-dev",
  "libjansson-dev",
  "libsqlite3-dev",
  "libsrtp2-dev",
  "libssl-dev",
  "libsystemd-dev",
  "liburiparser-dev",
  "libxml2-dev",
  "libxslt1-dev",
  "uuid-dev",
];

/** What the whole packaging needs before apt resolves its build dependencies: else apt chooses a libjack that conflicts. */
const fullTools = ["build-essential", "libjack-jackd2-dev"];

const listed = (folder: string) =>
  readdirSync(path.join(__dirname, folder))
    .sort()
    .map((name) => path.join(__dirname, folder, name));

/**
 * How the package is built out of pinned sources; its name in the cache is the digest of all that goes in.
 * @throws PinnedSourceError
 */
export function packageRecipe({
  source = pinnedSource,
  full = false,
}: Pick<PackageOptions, "source" | "full"> = {}): Recipe {
  const { version, kind, date, files } = readPinnedSource(source);
  if (full && kind !== "debian")
    throw new PinnedSourceError(`${source}: kind: "${kind}" has no packaging of Debian's; leave --full out`);
  const packaging = full ? "full" : "trimmed";
  return {
    title: `Asterisk ${version} for Debian 13; this takes some minutes, once`,
    script: path.join(__dirname, "build.sh"),
    files: [path.join(__dirname, "unpack.sh"), ...listed(packaging)],
    minutes: full ? 180 : 60,
    variables: {
      SUITE: "trixie",
      KIND: kind,
      VERSION: version,
      EPOCH: String(date),
      SUMS: Object.entries(files)
        .map(([name, sha256]) => `${sha256}  ${name}`)
        .join("\n"),
      MODULES: asterisk22.modules.join(" "),
      TOOLS: (full ? fullTools : tools).join(","),
      PACKAGING: packaging,
    },
  };
}

/**
 * The package of Asterisk for Debian 13, built first when it is not in the cache: from its pinned sources, in a fresh Debian 13,
 * without network and without rights. One file; with `full` all of Debian's.
 * @throws PinnedSourceError, SourceError, or CommandError with the last lines of the build.
 */
export async function ensureAsteriskPackage(options: PackageOptions): Promise<readonly BuiltPackage[]> {
  const { progress, signal, own } = options;
  const recipe = packageRecipe(options);
  const sources = path.join(cacheOf("sources"), nameOf(recipe));
  const prepare = async () => {
    await fetchSources(readPinnedSource(options.source ?? pinnedSource), sources, own, progress);
    noteUse(sources);
    prune(cacheOf("sources"), /^[0-9a-f]{16}$/, [nameOf(recipe)]);
    return { SOURCES: sources };
  };
  const folder = await ensureBuilt(options.cache ?? cacheOf("asterisk"), recipe, { progress, signal, prepare });
  return readdirSync(folder)
    .filter((name) => name.endsWith(".deb"))
    .sort()
    .map((name) => path.join(folder, name))
    .map((file) => ({ path: file, sha256: digestOfFile(file) }));
}
