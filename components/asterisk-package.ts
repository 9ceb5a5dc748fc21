/** A Debian package file that carries Asterisk, for a release that packages none: what `npm run build:asterisk` prints. Give `path` or `url`. */
export interface AsteriskPackageArgs {
  /** The file on this machine; it is copied to the host when the host has not got it. */
  path?: string;
  /** Where the host itself fetches the file, over HTTP or HTTPS. */
  url?: string;
  /** sha256 of the file, 64 hex digits: the host installs no other. */
  sha256: string;
}
