import { systemFile } from "../file-view";

const nothing = () => ({});

/** The kernel's settings. Its name has it read last: of each setting the last value counts. */
export const kernelSettings = systemFile("/etc/sysctl.d/zz-hardened-asterisk.conf", nothing);

/** The clock's client. */
export const timeSettings = systemFile("/etc/chrony/conf.d/hardened-asterisk.conf", nothing);

/** Files of the machine itself that say the same for every PBX: kernel, time, updates, logs kept. */
export const hostFiles = [
  kernelSettings,
  timeSettings,
  systemFile("/etc/apt/apt.conf.d/52hardened-asterisk", nothing),
  systemFile("/etc/logrotate.d/asterisk", nothing),
  systemFile("/etc/logrotate.d/fail2ban", nothing),
];
