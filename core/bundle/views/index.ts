import type { FileView } from "../file-view";
import { asterisk, fixedFiles, modules, rtp } from "./asterisk-files";
import { extensions } from "./extensions";
import { fail2banAction, fail2banFilter, fail2banJail } from "./fail2ban";
import { nftables } from "./nftables";
import { pjsip } from "./pjsip";
import { pjsipTransports } from "./pjsip-transports";
import { asteriskDropIn, firewallUnit } from "./systemd";

/** Every file of a bundle. */
export const fileViews: readonly FileView[] = [
  asterisk,
  modules,
  pjsip,
  pjsipTransports,
  extensions,
  rtp,
  ...fixedFiles,
  nftables,
  firewallUnit,
  asteriskDropIn,
  fail2banFilter,
  fail2banAction,
  fail2banJail,
];
