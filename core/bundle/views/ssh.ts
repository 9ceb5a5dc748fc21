import { systemFile, when } from "../file-view";

/** Who may log in, and how. Its name puts it before the drop-ins of images and cloud-init. */
export const sshd = systemFile("/etc/ssh/sshd_config.d/00-hardened-asterisk.conf", ({ ssh, sshPort, admins }) => ({
  sshPort,
  sealed: when(!ssh, () => ({})),
  admins: admins.map((network) => ({ network })),
}));
