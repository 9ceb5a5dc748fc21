import { isDeepStrictEqual } from "node:util";

/** The key and the value that mark an object as a special one, and a secret, in a property bag (Pulumi's wire protocol). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** What stands for a value not yet known in a preview (Pulumi's wire protocol). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A resource's properties as they come over the wire. */
export type Properties = Record<string, unknown>;

/** Whether a value is an object with keys. */
export function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSecret(value: unknown): value is { value: unknown } {
  return isObject(value) && value[SIGNATURE] === SECRET;
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

/** The names whose values differ; whether a value is marked as secret does not count, and null is the same as absent. */
export function changedNames(before: Properties, after: Properties): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !isDeepStrictEqual(reveal(before[name] ?? null), reveal(after[name] ?? null)));
}
