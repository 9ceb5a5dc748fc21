import { type Difference, leaves } from "../rpc/differences";
import { type Properties, reveal } from "../rpc/properties";
import type { ResourceType } from "./types/resource-type";

/** Every leaf in which `after` differs from `before`, and whether such a change replaces a resource of the type. */
export function differences(
  before: Properties,
  after: Properties,
  { replaces, replacesWhen = {}, computed = [] }: Pick<ResourceType, "replaces" | "replacesWhen" | "computed">,
): Difference[] {
  const [old, now] = [reveal(before) as Properties, reveal(after) as Properties];
  const changed = leaves(old, now).filter(({ path }) => now[path] !== undefined || !computed.includes(path));
  return changed.map(({ path, kind }) => {
    const bare = path.replace(/\[\d+\]/g, "");
    const first = bare.split(".")[0] ?? bare;
    const always = replaces.some((one) => one === first || bare === one || bare.startsWith(`${one}.`));
    return { path, kind, replaces: always || replacesWhen[first]?.(old[first], now[first]) === true };
  });
}
