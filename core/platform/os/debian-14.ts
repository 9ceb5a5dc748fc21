import type { OsFacts } from "../platform";

/** Debian 14 (forky), which packages Asterisk 22.10.1. */
export const debian14: OsFacts = {
  id: "debian-14",
  asteriskFrom: "release",
  packages: {
    asterisk: "asterisk",
    firewall: "nftables",
    bans: "fail2ban",
    journalReader: "python3-systemd",
    certificates: "openssl",
    authorities: "ca-certificates",
    acme: "lego",
    logs: "rsyslog",
    audit: "auditd",
    cards: "ethtool",
    rotation: "logrotate",
    updates: "unattended-upgrades",
    time: "chrony",
    countries: ["location", "libloc-database"],
  },
  sshKeysOnly: [
    "AuthenticationMethods publickey",
    "PasswordAuthentication no",
    "PermitRootLogin prohibit-password",
    "DisableForwarding yes",
  ],
  acmeNeedsEmail: false,
  directories: { modules: "/usr/lib/x86_64-linux-gnu/asterisk/modules", data: "/usr/share/asterisk" },
};
