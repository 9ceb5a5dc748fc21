import { isObject, type Properties, reveal } from "../command/properties";
import type { ResourceType } from "./types/resource-type";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
/** The marks of an asset and of an archive in a property bag (Pulumi's wire protocol). */
const ASSETS: ReadonlySet<unknown> = new Set(["c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7"]);

/** One place where inputs differ. */
export interface Difference {
  /** Pulumi's property path, for example `rootBlockDevice.kmsKeyId` or `entries[0].cidr`. */
  readonly path: string;
  readonly replaces: boolean;
  readonly kind: "add" | "delete" | "update";
}

/** Every leaf in which `after` differs from `before`, and whether such a change replaces a resource of the type. */
export function differences(
  before: Properties,
  after: Properties,
  { replaces, replacesWhen = {} }: Pick<ResourceType, "replaces" | "replacesWhen">,
): Difference[] {
  const [old, now] = [reveal(before) as Properties, reveal(after) as Properties];
  return leaves(old, now, "").map(({ path, kind }) => {
    const bare = path.replace(/\[\d+\]/g, "");
    const first = bare.split(".")[0] ?? bare;
    const always = replaces.some((one) => one === first || bare === one || bare.startsWith(`${one}.`));
    return { path, kind, replaces: always || replacesWhen[first]?.(old[first], now[first]) === true };
  });
}

type Leaf = Pick<Difference, "path" | "kind">;

function leaves(before: unknown, after: unknown, path: string): Leaf[] {
  if (Array.isArray(before) && Array.isArray(after)) {
    const indices = Array.from({ length: Math.max(before.length, after.length) }, (_, index) => index);
    return indices.flatMap((index) => leaves(before[index], after[index], `${path}[${String(index)}]`));
  }
  if (isAsset(before) && isAsset(after)) return before["hash"] === after["hash"] ? [] : [{ path, kind: "update" }];
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => key !== "__defaults");
    return keys.flatMap((key) => leaves(before[key], after[key], path === "" ? key : joined(path, key)));
  }
  if ((before ?? null) === (after ?? null)) return [];
  if ((before ?? null) === null) return [{ path, kind: "add" }];
  return [{ path, kind: (after ?? null) === null ? "delete" : "update" }];
}

/** Files and texts that are uploaded: told apart by what they hold, not by where they lie. */
function isAsset(value: unknown): value is Properties {
  return isObject(value) && ASSETS.has(value[SIGNATURE]);
}

function joined(path: string, key: string): string {
  return /^\w+$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}
