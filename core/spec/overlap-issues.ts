import type { Issue } from "../issue";
import { networksOverlap } from "./fields";
import type { PbxSpec } from "./spec";

interface TrunkNetwork {
  readonly trunk: string;
  readonly text: string;
}

/**
 * Phones that share a network with a carrier's signalling: what comes from there is the carrier, before any name or
 * password is looked at. Two carriers are compared by `trunkIssues`.
 */
export function overlapIssues(spec: PbxSpec): Issue[] {
  const carriers: TrunkNetwork[] = Object.entries(spec.trunks ?? {}).flatMap(([trunk, { signalling = [] }]) =>
    signalling.map((text) => ({ trunk, text })),
  );
  const found = new Map<string, TrunkNetwork | undefined>();
  const overlapped = (text: string) => {
    if (!found.has(text))
      found.set(
        text,
        carriers.find((carrier) => networksOverlap(carrier.text, text)),
      );
    return found.get(text);
  };
  return Object.entries(spec.phones).flatMap(([name, { networks }]) =>
    (networks ?? []).flatMap((text, index) => {
      const carrier = overlapped(text);
      if (carrier === undefined) return [];
      const path = `phones.${name}.networks.${index}`;
      const message = `"${text}" overlaps "${carrier.text}" of trunks.${carrier.trunk}.signalling, so this phone's calls would be taken for the carrier's; narrow one of the two`;
      return [{ path, message }];
    }),
  );
}
