import { ownAuthorityFolder } from "../profile/resolve-profile";
import type { BundleAction } from "./bundle";
import { firewallPath } from "./views/nftables";

const etc = (name: string) => `/etc/asterisk/${name}.conf`;
const console = (command: string) => ["asterisk", "-rx", command];

const dropIn = "/etc/systemd/system/asterisk.service.d/hardened-asterisk.conf";
const firewallUnit = "/etc/systemd/system/hardened-asterisk-firewall.service";

const restartOnly = [
  "asterisk",
  "modules",
  "pjsip_transports",
  "rtp",
  "pjproject",
  "udptl",
  "acl",
  "cel",
  "ccss",
  "indications",
  "stasis",
];

function reload(file: string, command: string): BundleAction {
  return { id: `reload-${file}`, service: "asterisk", kind: "reload", argv: console(command), onChange: [etc(file)] };
}

/** What follows a change of each file. A transport, the modules and the process itself change only with a restart. */
export const actions: readonly BundleAction[] = [
  {
    id: "reload-units",
    service: "systemd",
    kind: "reload",
    argv: ["systemctl", "daemon-reload"],
    onChange: [dropIn, firewallUnit],
  },
  {
    id: "load-firewall",
    service: "firewall",
    kind: "reload",
    argv: ["nft", "-f", firewallPath],
    onChange: [firewallPath],
  },
  {
    id: "restart-asterisk",
    service: "asterisk",
    kind: "restart",
    argv: ["systemctl", "restart", "asterisk.service"],
    // A certificate made anew is seen only by a transport that starts.
    onChange: [dropIn, ...restartOnly.map(etc), `${ownAuthorityFolder}/host.pem`],
  },
  reload("pjsip", "module reload res_pjsip.so"),
  { ...reload("pjsip", "module reload res_pjsip_endpoint_identifier_ip.so"), id: "reload-pjsip-identify" },
  { ...reload("pjsip", "module reload res_pjsip_outbound_registration.so"), id: "reload-pjsip-registrations" },
  reload("extensions", "dialplan reload"),
  reload("logger", "logger reload"),
  reload("manager", "manager reload"),
  reload("http", "module reload http"),
  reload("cdr", "module reload cdr"),
  reload("cdr_custom", "module reload cdr_custom.so"),
  reload("features", "module reload features"),
  {
    id: "restart-fail2ban",
    service: "fail2ban",
    kind: "restart",
    argv: ["systemctl", "restart", "fail2ban.service"],
    onChange: [
      "/etc/fail2ban/filter.d/hardened-asterisk-sip.conf",
      "/etc/fail2ban/action.d/hardened-asterisk-nft.conf",
      "/etc/fail2ban/jail.d/hardened-asterisk.conf",
    ],
  },
];
