import { readFileSync } from "node:fs";
import type { Issue } from "../core/issue";
import type { OsFacts } from "../core/platform/platform";
import type { PackageFile } from "../core/profile/profile";
import { sha256 } from "../core/sha256";

/** A Debian package file that carries Asterisk, for a release that packages none: what `npm run build:asterisk` prints. Give `path` or `url`. */
export interface AsteriskPackageArgs {
  /** The file on this machine; it is copied to the host when the host has not got it. */
  path?: string;
  /** Where the host itself fetches the file, over HTTP or HTTPS. */
  url?: string;
  /** sha256 of the file, 64 hex digits: the host installs no other. */
  sha256: string;
}

const digest = /^[0-9a-f]{64}$/;
const webAddress = /^https?:\/\/[A-Za-z0-9.-]+(:[0-9]{1,5})?(\/[A-Za-z0-9._~%+-]+)+$/;
const cure =
  "make the package with `npm run build:asterisk` and give what it prints, as path or url, and sha256 (docs/debian-13.md)";

/** What is wrong with the package given for a release, each with its cure; a file at `path` is read and its digest compared. */
export function packageIssues(os: OsFacts, args: AsteriskPackageArgs | undefined): Issue[] {
  if (os.asteriskFrom === "release")
    return args === undefined ? [] : [issue("", `${os.id} packages Asterisk itself; remove asteriskPackage`)];
  if (args === undefined) return [issue("", `${os.id} packages no Asterisk: ${cure}`)];
  const { path, url, sha256: announced } = args;
  const issues = digest.test(announced)
    ? []
    : [issue(".sha256", "must be the file's sha256, 64 hex digits of 0–9 and a–f; `sha256sum FILE` prints it")];
  if ((path === undefined) === (url === undefined))
    return [...issues, issue("", "takes one of path and url: the file on this machine, or where the host fetches it")];
  if (url !== undefined && !webAddress.test(url))
    return [...issues, issue(".url", "must begin with http:// or https://, without user, password, query or blanks")];
  return issues.length > 0 || path === undefined ? issues : fileIssues(path, announced);
}

/** What the bundle says of a package without {@link packageIssues}. */
export function packageFile(args: AsteriskPackageArgs | undefined): PackageFile | undefined {
  if (args === undefined) return undefined;
  return { sha256: args.sha256, ...(args.url === undefined ? {} : { url: args.url }) };
}

function fileIssues(path: string, announced: string): Issue[] {
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "it cannot be read";
    return [issue(".path", `${path}: ${code === "ENOENT" ? "there is no such file" : code}; ${cure}`)];
  }
  // The archive format of Debian packages, deb(5).
  if (content.subarray(0, 8).toString("latin1") !== "!<arch>\n")
    return [issue(".path", `${path}: is no Debian package; ${cure}`)];
  const found = sha256(content);
  if (found === announced) return [];
  return [issue(".sha256", `${path} has the sha256 ${found}; give that if it is the file you mean to install`)];
}

function issue(field: string, message: string): Issue {
  return { path: `asteriskPackage${field}`, message };
}
