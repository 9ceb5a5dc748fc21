import type { PbxProfile } from "../profile/profile";
import type { FileFormat, View } from "./mustache";

/** One rendered file: where it lies, who may read it, and what its template is given. */
export interface FileView {
  /** Absolute path on the host; its template is `templates<path>.mustache`. */
  readonly path: string;
  readonly group: "root" | "asterisk";
  /** Octal permission string. */
  readonly mode: string;
  readonly format: FileFormat;
  readonly view: (profile: PbxProfile) => View;
  /** Whether a PBX needs the file at all. Default: it does. */
  readonly needed?: (profile: PbxProfile) => boolean;
}

/** A file under `/etc/asterisk`: readable by the service, writable by root alone. */
export function asteriskFile(name: string, view: (profile: PbxProfile) => View): FileView {
  return { path: `/etc/asterisk/${name}`, group: "asterisk", mode: "0640", format: "asterisk", view };
}

/** A system file that holds nothing secret. */
export function systemFile(path: string, view: (profile: PbxProfile) => View): FileView {
  return { path, group: "root", mode: "0644", format: "plain", view };
}

/** A section that is either there once or not at all. */
export function when(condition: boolean, view: () => View): readonly View[] {
  return condition ? [view()] : [];
}
