import type { Issue } from "../issue";
import { DialClass, type PbxSpec, type PhoneSpec } from "./spec";

/** Names that one warning lists. */
const listed = 5;

/** Whether a phone may dial outside. */
export function dialsOutside({ mayDial = [] }: PhoneSpec): boolean {
  return mayDial.some((one) => one !== DialClass.Internal);
}

/**
 * Phones that may not transfer calls because others may dial outside: Asterisk carries out a REFER that names a call of somebody else
 * (Replaces, res_pjsip_refer.c, 22.10), so they could reach a colleague's call to the outside.
 */
export function transferWarnings({ phones }: PbxSpec): Issue[] {
  if (!Object.values(phones).some(dialsOutside)) return [];
  const names = Object.keys(phones).filter((name) => !dialsOutside(phones[name] ?? { number: "" }));
  if (names.length === 0) return [];
  const more = names.length > listed ? ` and ${names.length - listed} more` : "";
  const message = `${names.slice(0, listed).join(", ")}${more} may dial "internal" only while other phones may dial outside, so they cannot transfer calls; a phone that has to transfer needs "national" in its mayDial`;
  return [{ path: "phones", message }];
}
