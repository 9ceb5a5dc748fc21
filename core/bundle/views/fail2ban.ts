import type { PbxProfile } from "../../profile/profile";
import { systemFile, when, type FileView } from "../file-view";

const nothing = () => ({});

const trusted = (profile: PbxProfile) => {
  const phones = profile.phones.flatMap(({ networks }) => networks);
  const all = [...profile.neverBannedAdmins, ...phones, ...profile.trunks.flatMap(({ signalling }) => signalling)];
  return [...new Set(all)].sort().map((network) => ({ network }));
};

/** How long a ban is remembered. */
const fail2banSettings = systemFile("/etc/fail2ban/fail2ban.d/hardened-asterisk.conf", nothing);

/** What counts as a failed try or as a proof, and what follows from it. */
const rules = ["line", "sip", "ssh", "flow", "proof", "network"].map(
  (rule) => `filter.d/hardened-asterisk-${rule}.conf`,
);

/** How a ban or proof reaches the firewall. */
const action = "action.d/hardened-asterisk-setter.py";

/** Who is banned, for how long, and who never. */
const fail2banJails = systemFile("/etc/fail2ban/jail.d/hardened-asterisk.conf", (profile) => ({
  trusted: trusted(profile),
  roaming: when(profile.tls?.roaming === true || profile.roamingOverUdp, nothing),
}));

/** Files of fail2ban: what it reads, whom it bans, and how a ban reaches the firewall. */
export const fail2banFiles: readonly FileView[] = [
  fail2banSettings,
  ...[...rules, action].map((file) => systemFile(`/etc/fail2ban/${file}`, nothing)),
  fail2banJails,
  systemFile("/etc/fail2ban/jail.d/hardened-asterisk-network.conf", nothing),
];

/** Asks fail2ban as fail2ban's own user, because its client runs what the server answers. */
export const fail2banClient: FileView = { ...systemFile("/usr/local/bin/fail2ban-client", nothing), mode: "0755" };
