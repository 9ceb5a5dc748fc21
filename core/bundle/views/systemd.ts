import { systemFile } from "../file-view";
import { firewallPath } from "./nftables";

/** Loads the firewall at boot, before the network is up. */
export const firewallUnit = systemFile("/etc/systemd/system/hardened-asterisk-firewall.service", () => ({
  rules: firewallPath,
}));

/** Non-root, sandboxed: what a hole in Asterisk is left with. */
export const asteriskDropIn = systemFile(
  "/etc/systemd/system/asterisk.service.d/hardened-asterisk.conf",
  (profile) => ({
    openFiles: profile.limits.openFiles,
  }),
);
