import { carrierNetworks, carrierPresets, isStale, type CarrierPreset } from "../carriers/carrier";
import type { Issue } from "../issue";
import type { PbxSpec } from "./spec";

type Mapping = Readonly<Record<string, unknown>>;

const isMapping = (value: unknown): value is Mapping =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function presetOf(carrier: unknown): CarrierPreset | undefined {
  return typeof carrier === "string" && Object.hasOwn(carrierPresets, carrier) ? carrierPresets[carrier] : undefined;
}

/** An untyped spec in which each trunk that names a known carrier has that carrier's networks where it lists none itself. */
export function withCarrierNetworks(input: unknown): unknown {
  if (!isMapping(input) || !isMapping(input["trunks"])) return input;
  const trunks = Object.entries(input["trunks"]).map(([name, trunk]) => [name, filled(trunk)]);
  return { ...input, trunks: Object.fromEntries(trunks) as Mapping };
}

function filled(trunk: unknown): unknown {
  const preset = isMapping(trunk) ? presetOf(trunk["carrier"]) : undefined;
  if (!isMapping(trunk) || preset === undefined) return trunk;
  const { signalling, media } = carrierNetworks(preset, knownRegions(preset, trunk["regions"]));
  return {
    ...trunk,
    signalling: trunk["signalling"] ?? signalling,
    ...(trunk["media"] === undefined && media === undefined ? {} : { media: trunk["media"] ?? media }),
  };
}

/** The regions to fill from; all, where what is asked for is no list of known ones and will be refused. */
function knownRegions(preset: CarrierPreset, regions: unknown): readonly string[] | undefined {
  if (!Array.isArray(regions)) return undefined;
  const known = regions.filter((one): one is string => typeof one === "string" && Object.hasOwn(preset.regions, one));
  return known.length === 0 ? undefined : known;
}

/** What is wrong with the carriers that trunks name. */
export function carrierIssues({ trunks = {} }: PbxSpec): Issue[] {
  return Object.entries(trunks).flatMap(([name, { carrier, regions, media }]) => {
    const path = `trunks.${name}`;
    const preset = presetOf(carrier);
    if (preset === undefined)
      return regions === undefined ? [] : [{ path: `${path}.regions`, message: "is for a known `carrier`; remove it" }];
    const known = Object.keys(preset.regions);
    const unknown = (regions ?? []).flatMap((region, index) =>
      known.includes(region)
        ? []
        : [
            {
              path: `${path}.regions.${index}`,
              message: `"${region}" is no region of ${preset.name}; there are ${known.join(", ")}`,
            },
          ],
    );
    return media === undefined ? [...unknown, withoutMedia(path, preset)] : unknown;
  });
}

function withoutMedia(path: string, { name }: CarrierPreset): Issue {
  return {
    path: `${path}.media`,
    message: `is missing: the audio of ${name} comes straight from the callers' carriers, so it has no networks of its own; list those that calls of yours come from`,
  };
}

/** Carriers whose addresses were looked at long ago and are not listed by the owner. */
export function carrierWarnings(given: unknown, { trunks = {} }: PbxSpec, now: Date): Issue[] {
  return Object.entries(trunks).flatMap(([name, { carrier }]) => {
    const preset = presetOf(carrier);
    if (preset === undefined || !isStale(preset, now) || listsItsOwn(given, name)) return [];
    const message = `the addresses of ${preset.name} are those of ${preset.taken}; compare them with ${preset.source}, and take a newer hardened-asterisk or list them in signalling and media`;
    return [{ path: `trunks.${name}.carrier`, message }];
  });
}

function listsItsOwn(given: unknown, name: string): boolean {
  const trunks = isMapping(given) ? given["trunks"] : undefined;
  const trunk = isMapping(trunks) ? trunks[name] : undefined;
  return isMapping(trunk) && trunk["signalling"] !== undefined && trunk["media"] !== undefined;
}

/** Names of the carriers a trunk may name. */
export const knownCarriers = Object.keys(carrierPresets) as [string, ...string[]];
