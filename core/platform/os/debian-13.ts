import type { OsFacts } from "../platform";
import { debian14 } from "./debian-14";

/** Debian 13 (trixie), which packages no Asterisk: it comes as the file that `npm run build:asterisk` makes, and its name is that package's. */
export const debian13: OsFacts = {
  ...debian14,
  id: "debian-13",
  asteriskFrom: "file",
  packages: { ...debian14.packages, asterisk: "hardened-asterisk-asterisk" },
};
