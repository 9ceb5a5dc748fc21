import { systemFile } from "../file-view";

const nothing = () => ({});

/** What counts as a failed try at SIP. */
export const fail2banFilter = systemFile("/etc/fail2ban/filter.d/hardened-asterisk-sip.conf", nothing);

/** How a ban reaches the firewall. */
export const fail2banAction = systemFile("/etc/fail2ban/action.d/hardened-asterisk-nft.conf", nothing);

/** Who is banned, for how long, and who never. */
export const fail2banJail = systemFile("/etc/fail2ban/jail.d/hardened-asterisk.conf", (profile) => {
  const phones = profile.phones.flatMap(({ networks }) => networks);
  const trusted = [...profile.admins, ...phones, ...profile.trunks.flatMap(({ signalling }) => signalling)];
  return { trusted: [...new Set(trusted)].sort().map((network) => ({ network })) };
});
