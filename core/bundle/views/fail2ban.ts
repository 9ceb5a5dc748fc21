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
const rules = ["filter.d/hardened-asterisk-line", "action.d/hardened-asterisk-nft"].concat(
  ...["sip", "ssh", "flow", "proof", "network"].map((jail) => `filter.d/hardened-asterisk-${jail}`),
  ...["flow", "proof"].map((jail) => `action.d/hardened-asterisk-${jail}`),
);

/** Who is banned, for how long, and who never. */
const fail2banJails = systemFile("/etc/fail2ban/jail.d/hardened-asterisk.conf", (profile) => ({
  trusted: trusted(profile),
  roaming: when(profile.tls?.roaming === true || profile.roamingOverUdp, nothing),
}));

/** Files of fail2ban: what it reads, whom it bans, and how a ban reaches the firewall. */
export const fail2banFiles: readonly FileView[] = [
  fail2banSettings,
  ...rules.map((rule) => systemFile(`/etc/fail2ban/${rule}.conf`, nothing)),
  fail2banJails,
  systemFile("/etc/fail2ban/jail.d/hardened-asterisk-network.conf", nothing),
];
