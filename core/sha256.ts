import { createHash } from "node:crypto";

/** sha256 of a text, as UTF-8, or of bytes, in hex. */
export function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}
