import type { FileView } from "../file-view";
import { acmeViews } from "./acme";
import { addressListViews } from "./address-lists";
import { asterisk, callRecords, fixedFiles, modules, rtp } from "./asterisk-files";
import { cloudWatchViews } from "./cloudwatch";
import { extensions } from "./extensions";
import { fail2banClient, fail2banFiles } from "./fail2ban";
import { hostFiles } from "./host";
import { logViews } from "./logs";
import { nftables } from "./nftables";
import { pjsip } from "./pjsip";
import { pjsipTransports } from "./pjsip-transports";
import { setterViews } from "./setters";
import { sshd } from "./ssh";
import {
  asteriskDropIn,
  fail2banDropIn,
  fail2banSandbox,
  firewallUnit,
  fixedUnits,
  guardScript,
  guardUnit,
  renewalUnits,
  renewalWatchUnit,
} from "./systemd";

/** Every file of a bundle. */
export const fileViews: readonly FileView[] = [
  asterisk,
  modules,
  pjsip,
  pjsipTransports,
  extensions,
  rtp,
  callRecords,
  ...fixedFiles,
  nftables,
  firewallUnit,
  asteriskDropIn,
  guardUnit,
  guardScript,
  fail2banDropIn,
  ...renewalUnits,
  renewalWatchUnit,
  fail2banSandbox,
  ...fail2banFiles,
  fail2banClient,
  ...setterViews,
  ...logViews,
  ...cloudWatchViews,
  ...acmeViews,
  ...addressListViews,
  ...fixedUnits,
  sshd,
  ...hostFiles,
];
