import { isDeepStrictEqual } from "node:util";

import * as wire from "@pulumi/pulumi/proto/provider_pb";

import { isArchive, isAsset, isObject, isSecret, reveal } from "./properties";

/** One place where inputs differ. */
export interface Difference {
  /** Pulumi's property path, for example `rootBlockDevice.kmsKeyId` or `entries[0].cidr`. */
  readonly path: string;
  readonly replaces: boolean;
  readonly kind: "add" | "delete" | "update";
}

/** The answer to the engine's Diff call; `inputDiff` says that the places are in the inputs alone, not in the outputs too. */
export function diffResponse(
  changes: readonly Difference[],
  { deleteFirst = false, inputDiff = false } = {},
): wire.DiffResponse {
  const response = new wire.DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = wire.DiffResponse.DiffChanges;
  const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } = wire.PropertyDiff.Kind;
  const kinds = {
    add: [ADD, ADD_REPLACE],
    delete: [DELETE, DELETE_REPLACE],
    update: [UPDATE, UPDATE_REPLACE],
  } as const;
  const names = (list: readonly Difference[]) => [
    ...new Set(list.map(({ path }) => /^[\w-]+/.exec(path)?.[0] ?? path)),
  ];
  response.setChanges(changes.length === 0 ? DIFF_NONE : DIFF_SOME);
  response.setDiffsList(names(changes));
  response.setReplacesList(names(changes.filter(({ replaces }) => replaces)));
  response.setDeletebeforereplace(deleteFirst);
  // Without this list the engine compares for itself, and what is secret on both sides looks unchanged to it.
  response.setHasdetaileddiff(true);
  for (const { path, replaces, kind } of changes) {
    const one = new wire.PropertyDiff();
    one.setKind(kinds[kind][replaces ? 1 : 0]);
    one.setInputdiff(inputDiff);
    response.getDetaileddiffMap().set(path, one);
  }
  return response;
}

/** A place where inputs differ, before it is known what a change there means. */
export type Leaf = Pick<Difference, "path" | "kind">;

/** Every leaf in which `after` differs from `before`. A secret is one leaf: what is inside it is not named. */
export function leaves(before: unknown, after: unknown, path = ""): Leaf[] {
  if (isSecret(before) || isSecret(after)) {
    const [old, now] = [reveal(before) ?? null, reveal(after) ?? null];
    return isDeepStrictEqual(old, now) ? [] : leaf(old, now, path);
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const indices = Array.from({ length: Math.max(before.length, after.length) }, (_, index) => index);
    return indices.flatMap((index) => leaves(before[index], after[index], `${path}[${String(index)}]`));
  }
  // Files and texts that are uploaded are told apart by what they hold, not by where they lie.
  if ((isAsset(before) && isAsset(after)) || (isArchive(before) && isArchive(after)))
    return before["hash"] === after["hash"] ? [] : [{ path, kind: "update" }];
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => key !== "__defaults");
    return keys.flatMap((key) => leaves(before[key], after[key], joined(path, key)));
  }
  return (before ?? null) === (after ?? null) ? [] : leaf(before ?? null, after ?? null, path);
}

function leaf(before: unknown, after: unknown, path: string): Leaf[] {
  if (before === null) return [{ path, kind: "add" }];
  return [{ path, kind: after === null ? "delete" : "update" }];
}

function joined(path: string, key: string): string {
  if (!/^\w+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}
