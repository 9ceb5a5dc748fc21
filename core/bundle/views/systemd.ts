import { posix as path } from "node:path";
import type { PbxProfile } from "../../profile/profile";
import { systemFile, when, type FileView } from "../file-view";
import { firewallPath } from "./nftables";

/** Loads the firewall at boot, before the network is up. */
export const firewallUnit = systemFile("/etc/systemd/system/hardened-asterisk-firewall.service", (profile) => ({
  rules: firewallPath,
  lists: when(profile.addressLists !== undefined, () => ({})),
  metadataUsers: when(profile.cloudWatch !== undefined, () => ({})),
}));

const guardPath = "/usr/local/lib/hardened-asterisk/firewall-guard.sh";

/** Puts the firewall back when something else on the host has removed it. */
export const guardUnit = systemFile("/etc/systemd/system/hardened-asterisk-guard.service", () => ({
  script: guardPath,
}));

/** What the guard runs. */
export const guardScript = systemFile(guardPath, () => ({ rules: firewallPath }));

/** Bans come back by themselves, with the firewall and after any end of fail2ban. */
export const fail2banDropIn = systemFile(
  "/etc/systemd/system/fail2ban.service.d/hardened-asterisk-bans.conf",
  () => ({}),
);

/** Non-root, sandboxed: what a hole in Asterisk is left with. */
export const asteriskDropIn = systemFile(
  "/etc/systemd/system/asterisk.service.d/hardened-asterisk.conf",
  (profile) => ({
    openFiles: profile.limits.openFiles,
    memory: profile.limits.memoryMegabytes,
    tasks: profile.limits.tasks,
    sipPort: profile.sipPort,
    tls: profile.tls === undefined ? [] : [{ tlsPort: profile.tls.port }],
  }),
);

/** Starts the renewal of the certificate daily. */
export const renewalTimer = "hardened-asterisk-renew.timer";

/** Starts it, too, when files of the owner's change. */
export const renewalWatch = "hardened-asterisk-renew.path";

const renewed = ({ tls }: PbxProfile) => tls !== undefined;

/** Watches the owner's certificate and key. */
export const renewalWatchUnit: FileView = {
  ...systemFile(`/etc/systemd/system/${renewalWatch}`, ({ tls }) => {
    if (tls?.given === undefined) throw new Error(`${renewalWatch} needs a certificate of the owner's`);
    const files = [tls.given.certificate, tls.given.privateKey];
    return {
      watched: [...new Set([...files, ...files.map((file) => path.dirname(file))])].map((watched) => ({
        path: watched,
      })),
    };
  }),
  needed: ({ tls }) => tls?.given !== undefined,
};

/** Renews the certificate before it expires, or copies the one that its owner has renewed. */
export const renewalUnits = [renewalTimer, "hardened-asterisk-renew.service"].map((name) => ({
  ...systemFile(`/etc/systemd/system/${name}`, () => ({})),
  needed: renewed,
}));

/** What a hole in fail2ban, which reads what strangers wrote, is left with. */
export const fail2banSandbox = systemFile("/etc/systemd/system/fail2ban.service.d/hardened-asterisk.conf", () => ({}));

/** Drop-ins and units that say the same for every PBX. */
export const fixedUnits = [
  "logrotate.service.d/hardened-asterisk.conf",
  "logrotate.timer.d/hardened-asterisk.conf",
  "hardened-asterisk-outdated.service",
  "hardened-asterisk-outdated.timer",
].map((name) => systemFile(`/etc/systemd/system/${name}`, () => ({})));
