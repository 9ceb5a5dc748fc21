import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

const fileName = /^[a-zA-Z0-9][a-zA-Z0-9.+~_-]*$/;

/** What the package is made from: the one file that a security release of Asterisk changes. */
const sourceSchema = z.strictObject({
  /** Version of the package, as dpkg writes versions. */
  version: z
    .string()
    .regex(/^[0-9]+:[0-9][a-zA-Z0-9.+~-]*$/, "must be a Debian version with an epoch, such as 1:22.10.1-1"),
  /** `debian`: a source package, its `.dsc` and all that it names; `upstream`: Asterisk's tarball and that of its pjproject. */
  kind: z.enum(["debian", "upstream"]),
  /** Seconds since 1970 that every file in the package bears. */
  date: z.int().positive(),
  /** Folders the files are fetched from, in order; `$MIRROR` stands for the Debian mirror of this machine. */
  places: z.array(z.string().regex(/^(\$MIRROR|https?:\/\/[^\s]+)/, "must begin with $MIRROR, http:// or https://")),
  /** sha256 by file name. */
  files: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/, "must be a sha256: 64 hex digits")),
});

/** Pinned sources of one Asterisk. */
export type PinnedSource = z.infer<typeof sourceSchema>;

/** The sources that this release of hardened-asterisk is proven with. */
export const pinnedSource = path.join(__dirname, "source.json");

/** What each kind of source must consist of. */
const needed = {
  debian: [/\.dsc$/, /\.debian\.tar\.xz$/, /\.orig\.tar\.[gx]z$/],
  upstream: [/^asterisk-.*\.tar\.gz$/, /^pjproject-.*\.tar\.bz2$/],
} as const;

/** Raised for a file of pinned sources that cannot be used; the message names it and says why. */
export class PinnedSourceError extends Error {}

/** Reads a file of pinned sources. @throws PinnedSourceError */
export function readPinnedSource(file: string): PinnedSource {
  const parsed = sourceSchema.safeParse(readJson(file));
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path: place, message }) => `  ${place.join(".")}: ${message}`);
    throw new PinnedSourceError(`${file}:\n${lines.join("\n")}`);
  }
  const names = Object.keys(parsed.data.files);
  const odd = names.find((name) => !fileName.test(name));
  if (odd !== undefined) throw new PinnedSourceError(`${file}: files: ${odd} is not a plain file name`);
  const missing = needed[parsed.data.kind].find((pattern) => names.filter((name) => pattern.test(name)).length !== 1);
  if (missing !== undefined)
    throw new PinnedSourceError(
      `${file}: files: a source of kind "${parsed.data.kind}" has exactly one file ${missing.source}`,
    );
  return parsed.data;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new PinnedSourceError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
