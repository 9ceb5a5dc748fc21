/** The key and the value that mark an object as a special one, and a secret, in a property bag (Pulumi's wire protocol). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** The values that mark an asset and an archive, under the same key. */
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";

/** What stands for a value not yet known in a preview (Pulumi's wire protocol). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A resource's properties as they come over the wire. */
export type Properties = Record<string, unknown>;

/** Whether a value is an object with keys. */
export function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is marked as a secret. */
export function isSecret(value: unknown): value is { value: unknown } {
  return isObject(value) && value[SIGNATURE] === SECRET;
}

/** Whether a value is one file or one text that is uploaded. */
export function isAsset(value: unknown): value is Properties {
  return isObject(value) && value[SIGNATURE] === ASSET;
}

/** Whether a value is many files that are uploaded. */
export function isArchive(value: unknown): value is Properties {
  return isObject(value) && value[SIGNATURE] === ARCHIVE;
}

/** The value marked as a secret; one that is already a secret, or absent, stays as it is. */
export function secret(value: unknown): unknown {
  return isSecret(value) || value === undefined || value === null ? value : { [SIGNATURE]: SECRET, value };
}

/** The value inside a secret, or the value itself. */
export function plain(value: unknown): unknown {
  return isSecret(value) ? plain(value.value) : value;
}

/** The value with every secret mark taken away, at any depth. */
export function reveal(value: unknown): unknown {
  const inner = plain(value);
  if (Array.isArray(inner)) return inner.map(reveal);
  if (!isObject(inner)) return inner;
  return Object.fromEntries(Object.entries(inner).map(([key, item]) => [key, reveal(item)]));
}
