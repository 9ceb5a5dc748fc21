import { asterisk22 } from "./asterisk/22";
import { debian13 } from "./os/debian-13";
import { debian14 } from "./os/debian-14";
import type { OsFacts, Platform } from "./platform";

/** Operating system releases that a PBX can be made of. */
export const HostOs = { Debian13: "debian-13", Debian14: "debian-14" } as const;
/** One of the values of {@link HostOs}. */
export type HostOs = (typeof HostOs)[keyof typeof HostOs];

const releases: Readonly<Record<HostOs, OsFacts>> = { "debian-13": debian13, "debian-14": debian14 };

/** Whether a word names a release. */
export function isHostOs(word: string): word is HostOs {
  return word in releases;
}

/** A release with the Asterisk that is run on it. Default: Debian 14. */
export function platformOf(os: HostOs = HostOs.Debian14): Platform {
  return { asterisk: asterisk22, os: releases[os] };
}
