import type { OsFacts } from "../platform";
import { debian14 } from "./debian-14";

/** Debian 13 (trixie), which packages no Asterisk: it comes as the file that `npm run build:asterisk` makes, and its name is that package's. */
export const debian13: OsFacts = {
  ...debian14,
  id: "debian-13",
  asteriskFrom: "file",
  // OpenSSH 10.0 says it in the words of old.
  sshKeysOnly: [
    "authenticationmethods publickey",
    "passwordauthentication no",
    "permitrootlogin without-password",
    "disableforwarding yes",
  ],
  // lego 4.9.1: "You have to pass an account (email address) to the program".
  acmeNeedsEmail: true,
  packages: { ...debian14.packages, asterisk: "hardened-asterisk-asterisk" },
};
