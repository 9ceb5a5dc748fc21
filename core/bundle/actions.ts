import type { PbxProfile } from "../profile/profile";
import type { BundleAction } from "./bundle";
import { addressListViews, addressListsPath, listsUnitName, listsWatchName } from "./views/address-lists";
import { cloudWatchActions } from "./cloudwatch-actions";
import { cloudWatchUnits } from "./views/cloudwatch";
import { fail2banFiles } from "./views/fail2ban";
import { logsFolder, logsUnitName, relpSenderPath } from "./views/logs";
import { listsSetterUnitNames, setterUnitNames, setterUnits, setterUsers } from "./views/setters";
import { kernelSettings, timeSettings } from "./views/host";
import { firewallPath } from "./views/nftables";
import { sshd } from "./views/ssh";
import {
  fail2banDropIn,
  fail2banSandbox,
  fixedUnits,
  guardScript,
  guardUnit,
  renewalUnits,
  renewalWatch,
  renewalWatchUnit,
} from "./views/systemd";

const etc = (name: string) => `/etc/asterisk/${name}.conf`;
const console = (command: string) => ["asterisk", "-rx", command];

const dropIn = "/etc/systemd/system/asterisk.service.d/hardened-asterisk.conf";
const logsUnit = `/etc/systemd/system/${logsUnitName}`;
const firewallUnit = "/etc/systemd/system/hardened-asterisk-firewall.service";
const guardFiles = [guardUnit.path, guardScript.path];
const fail2ban = [fail2banDropIn, fail2banSandbox, ...fail2banFiles].map(({ path }) => path);
const setterPaths = setterUnits.map(({ path }) => path);

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
export function actionsOf(profile: PbxProfile): readonly BundleAction[] {
  return [
    ...beforePjsip,
    reloadPjsip(profile.tls),
    ...afterPjsip,
    ...listActions(profile),
    ...(profile.tls?.given === undefined ? [] : [restartCertificateWatch]),
    ...(profile.cloudWatch === undefined ? [] : cloudWatchActions),
  ];
}

/** Before everything else: units name these users, and no file or socket can belong to one that is not there. */
const makeUsers: BundleAction = {
  id: "make-users",
  service: "systemd",
  kind: "reload",
  argv: ["systemd-sysusers", setterUsers.path],
  onChange: [setterUsers.path],
};

const beforePjsip: readonly BundleAction[] = [
  makeUsers,
  {
    id: "reload-units",
    service: "systemd",
    kind: "reload",
    argv: ["systemctl", "daemon-reload"],
    onChange: [
      dropIn,
      firewallUnit,
      ...[guardUnit, fail2banDropIn, fail2banSandbox, ...fixedUnits, ...renewalUnits, renewalWatchUnit].map(
        ({ path }) => path,
      ),
      logsUnit,
      ...cloudWatchUnits.map(({ path }) => path),
      ...setterPaths,
      ...addressListViews.map(({ path }) => path).filter((path) => path.startsWith("/etc/systemd/")),
    ],
  },
  {
    id: "load-firewall",
    service: "firewall",
    kind: "reload",
    argv: ["nft", "-f", firewallPath],
    onChange: [firewallPath],
  },
  {
    id: "apply-kernel-settings",
    service: "systemd-sysctl",
    kind: "reload",
    argv: ["systemctl", "restart", "systemd-sysctl.service"],
    onChange: [kernelSettings.path],
  },
  {
    // Sessions that are open stay; whether a new one still comes in is proved by the confirmation.
    id: "reload-ssh",
    service: "ssh",
    kind: "reload",
    argv: ["systemctl", "reload-or-restart", "ssh.service"],
    onChange: [sshd.path],
  },
  {
    id: "restart-chrony",
    service: "chrony",
    kind: "restart",
    argv: ["systemctl", "try-restart", "chrony.service"],
    onChange: [timeSettings.path],
  },
  {
    id: "restart-asterisk",
    service: "asterisk",
    kind: "restart",
    argv: ["systemctl", "restart", "asterisk.service"],
    onChange: [dropIn, ...restartOnly.map(etc)],
  },
];

function reloadPjsip(tls: PbxProfile["tls"]): BundleAction {
  const made = tls === undefined ? [] : [tls.certificate];
  // Measured on 22.10.1: a changed certificate of the same name is taken, also with allow_reload=no, and connections stay.
  return { ...reload("pjsip", "module reload res_pjsip.so"), onChange: [etc("pjsip"), ...made] };
}

const afterPjsip: readonly BundleAction[] = [
  { ...reload("pjsip", "module reload res_pjsip_endpoint_identifier_ip.so"), id: "reload-pjsip-identify" },
  { ...reload("pjsip", "module reload res_pjsip_outbound_registration.so"), id: "reload-pjsip-registrations" },
  reload("extensions", "dialplan reload"),
  reload("cli_permissions", "cli reload permissions"),
  reload("logger", "logger reload"),
  reload("manager", "manager reload"),
  reload("http", "module reload http"),
  reload("cdr", "module reload cdr"),
  reload("cdr_custom", "module reload cdr_custom.so"),
  reload("features", "module reload features"),
  {
    id: "restart-guard",
    service: "hardened-asterisk-guard",
    kind: "restart",
    argv: ["systemctl", "restart", guardUnit.path.replace(/^.*\//, "")],
    onChange: guardFiles,
  },
  restartSetter("hardened-asterisk-setter", setterUnitNames),
  {
    id: "restart-fail2ban",
    service: "fail2ban",
    kind: "restart",
    argv: ["systemctl", "restart", "fail2ban.service"],
    onChange: fail2ban,
  },
  {
    id: "restart-journal",
    service: "systemd-journald",
    kind: "restart",
    argv: ["systemctl", "restart", "systemd-journald.service"],
    onChange: ["/etc/systemd/journald.conf.d/hardened-asterisk.conf"],
  },
  {
    id: "stop-logs",
    service: "hardened-asterisk-logs",
    kind: "restart",
    // Services are started last, so one that is still wanted comes up anew; as a pattern, because a unit that is not there is no failure.
    argv: ["systemctl", "stop", `${logsUnitName.slice(0, -1)}[e]`],
    onChange: [
      logsUnit,
      relpSenderPath,
      ...["rsyslog.conf", "receiver-ca.pem", "client.pem", "client.key"].map((n) => `${logsFolder}/${n}`),
    ],
  },
];

/** Socket and service together, the service stopped first: systemd does not listen anew for one that runs. */
function restartSetter(service: string, unitNames: readonly string[]): BundleAction {
  return {
    id: `restart-${service.replace("hardened-asterisk-", "")}`,
    service,
    kind: "restart",
    argv: ["systemctl", "restart", ...unitNames],
    onChange: setterPaths.filter((path) => unitNames.some((name) => path.endsWith(`/${name}`))),
  };
}

/** On a host with lists of addresses they are read again, also into a firewall that was loaded anew. */
function listActions({ addressLists }: PbxProfile): readonly BundleAction[] {
  if (addressLists === undefined) return [];
  const read = [restartSetter("hardened-asterisk-lists-setter", listsSetterUnitNames), readLists];
  return addressLists.feeds.length > 0 ? [...read, restartListWatch] : read;
}

const readLists: BundleAction = {
  id: "read-address-lists",
  service: "firewall",
  kind: "reload",
  argv: ["systemctl", "start", listsUnitName],
  onChange: [firewallPath, addressListsPath, `/etc/systemd/system/${listsUnitName}`],
};

/** A running watch goes on watching the files it was started for. */
const restartListWatch: BundleAction = {
  id: "restart-list-watch",
  service: listsWatchName,
  kind: "restart",
  argv: ["systemctl", "restart", listsWatchName],
  onChange: [`/etc/systemd/system/${listsWatchName}`],
};

/** A running watch goes on watching the files it was started for. */
const restartCertificateWatch: BundleAction = {
  id: "restart-certificate-watch",
  service: renewalWatch,
  kind: "restart",
  argv: ["systemctl", "restart", renewalWatch],
  onChange: [renewalWatchUnit.path],
};
