import type { PbxProfile } from "../profile/profile";
import type { BundleProbe } from "./bundle";
import { hostProbes } from "./host-probes";
import { probe } from "./probe";
import { logsUnitName } from "./views/logs";

const ask = (command: string) => ["asterisk", "-rx", command];

/** Harmless checks of what is in effect on the host, independent of what our files say. */
export function renderProbes(profile: PbxProfile): BundleProbe[] {
  // A carrier that takes outbound calls has two more endpoints, one for emergency calls; one stands for an INVITE that would take a call
  // over.
  const outward = profile.trunks.filter(({ server }) => server !== undefined).length;
  const objects = profile.phones.length + profile.trunks.length + 2 * outward + 1;
  const registered = profile.trunks.filter(({ registration }) => registration !== undefined).length;
  const listening = `0.0.0.0:${profile.sipPort}`;
  return [
    probe("asterisk-booted", ask("core waitfullybooted"), { contains: [["Asterisk has fully booted."]] }),
    probe("asterisk-user", ["systemctl", "show", "-p", "User", "asterisk.service"], { contains: [["User=asterisk"]] }),
    // Asterisk drops a whole object for one unknown key: a missing endpoint shows only in the count.
    probe("endpoints", ask("pjsip show endpoints"), { contains: [[`Objects found: ${objects}`]] }),
    probe("credentials", ask("pjsip show auths"), {
      contains: [[`Objects found: ${profile.phones.length + registered}`]],
    }),
    probe("no-guests", ask("module show like endpoint_identifier_anonymous"), { contains: [["0 modules loaded"]] }),
    probe("security-log", ask("logger show channels"), { contains: [["security.log"], ["SECURITY"]] }),
    probe("manager-off", ask("manager show settings"), { contains: [["Manager (AMI): No"]] }),
    probe("http-off", ask("http show status"), { contains: [["Server Disabled"]] }),
    // A transport whose address could not be bound is shown by Asterisk all the same.
    probe("sip-listens", ["ss", "-lnuH"], { contains: [[listening]] }),
    probe("sip-listens-tcp", ["ss", "-lntH"], { contains: [[listening]] }),
    ...tlsProbes(profile),
    probe("firewall", ["nft", "list", "chain", "inet", "hardened_asterisk", "input"], {
      contains: [["policy drop"], [`${profile.rtp.from}-${profile.rtp.to}`]],
    }),
    probe("bans", ["/usr/local/bin/fail2ban-client", "status", "hardened-asterisk-sip"], {
      contains: [["/var/log/asterisk/security.log"]],
    }),
    // A ban that is only listed drops no packet: the canary fails at SIP on purpose and sees the next one dropped.
    probe("ban-canary", ["hardened-asterisk", "prove-bans", "--sip-port", `${profile.sipPort}`], {
      contains: [["the next packet was dropped"]],
    }),
    // Whether the receiver answers is not asked: what it misses waits in the queue.
    ...(profile.logs === undefined
      ? []
      : [probe("log-shipping", ["systemctl", "is-active", logsUnitName], { contains: [["active"]] })]),
    ...hostProbes(profile),
    // Whether the carrier accepts is not asked: an activation must not hang on somebody else's machine.
    ...(registered === 0
      ? []
      : [probe("registrations", ask("pjsip show registrations"), { contains: [[`Objects found: ${registered}`]] })]),
    ...trunkProbes(profile),
  ];
}

/** A carrier's calls are known by its address, never by a name that it gives. */
function trunkProbes({ trunks }: PbxProfile): BundleProbe[] {
  const byAddress = { contains: [["identify_by : ip"]] };
  return trunks.map(({ name }) =>
    probe(`trunk-by-address-${name}`, ask(`pjsip show endpoint ${name}.inbound`), byAddress),
  );
}

function tlsProbes({ tls }: PbxProfile): BundleProbe[] {
  if (tls === undefined) return [];
  const listens = probe("tls-listens", ["ss", "-lntH"], { contains: [[`0.0.0.0:${tls.port}`]] });
  if (tls.carrierAuthorities === undefined) return [listens];
  const verified = probe("carriers-verified", ask("pjsip show transport transport-tls"), {
    contains: [["verify_server : Yes"], [`ca_list_file : ${tls.carrierAuthorities}`]],
  });
  return [listens, verified];
}
