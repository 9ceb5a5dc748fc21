import type { PbxProfile } from "../profile/profile";
import { systemAuthorities } from "../profile/resolve-tls";
import { sha256 } from "../sha256";
import { actionsOf } from "./actions";
import type { Bundle, BundleFile, BundlePackage } from "./bundle";
import type { FileView } from "./file-view";
import { madeCertificate } from "./made-certificate";
import { renderTemplate, TemplateError } from "./mustache";
import { renderProbes } from "./probes";
import { fileViews } from "./views";
import { listPackages, listServices } from "./views/address-lists";
import { cloudWatchPackages, cloudWatchServices } from "./views/cloudwatch";
import { logsUnitName } from "./views/logs";
import { firewallPath } from "./views/nftables";
import { setterUnitNames } from "./views/setters";

/** Template texts by the path of the file they make, for example `/etc/asterisk/pjsip.conf`. */
export type TemplateSet = ReadonlyMap<string, string>;

/**
 * Renders the whole configuration of one host as data.
 * @throws TemplateError when a template is missing or does not fit its view.
 */
export function renderBundle(profile: PbxProfile, templates: TemplateSet): Bundle {
  const { packages } = profile.platform.os;
  const made = madeCertificate(profile);
  return {
    format: 1,
    platform: { os: profile.platform.os.id, asterisk: profile.platform.asterisk.series },
    admins: profile.admins,
    ...(profile.ssh ? { sshPort: profile.sshPort } : {}),
    packages: [
      { name: packages.firewall },
      asteriskPackage(profile),
      { name: packages.bans },
      { name: packages.journalReader },
      { name: packages.rotation },
      { name: packages.updates },
      { name: packages.time },
      ...made.packages,
      ...(profile.tls?.carrierAuthorities === systemAuthorities ? [{ name: packages.authorities }] : []),
      ...(profile.logs === undefined && profile.cloudWatch === undefined ? [] : [{ name: packages.logs }]),
      ...cloudWatchPackages(profile),
      ...listPackages(profile).map((name) => ({ name })),
    ],
    directories: [{ path: "/etc/asterisk", owner: "root", group: "asterisk", mode: "0750", exclusive: true }],
    ...(made.authority === undefined ? {} : { authority: made.authority }),
    files: fileViews
      .filter(({ needed }) => needed?.(profile) ?? true)
      .map((file) => renderFile(file, profile, templates)),
    actions: actionsOf(profile),
    probes: renderProbes(profile),
    knownKeys: profile.platform.asterisk.undocumentedKeys,
    firewall: firewallPath,
    services: servicesOf(profile, made.services),
    rollbackSeconds: profile.rollbackSeconds,
    restartWithCalls: profile.restartWithCalls,
    ...(profile.endCalls ? { endCalls: true } : {}),
  };
}

function asteriskPackage({ platform, asteriskPackage: file }: PbxProfile): BundlePackage {
  const wanted = { name: platform.os.packages.asterisk, minimum: platform.asterisk.minimum };
  return file === undefined ? wanted : { ...wanted, file };
}

function servicesOf(profile: PbxProfile, renewal: readonly string[]): string[] {
  return [
    "hardened-asterisk-firewall.service",
    "hardened-asterisk-guard.service",
    "asterisk.service",
    ...setterUnitNames,
    "fail2ban.service",
    ...renewal,
    ...(profile.logs === undefined ? [] : [logsUnitName]),
    ...cloudWatchServices(profile),
    ...listServices(profile),
    ...standingTimers,
  ];
}

/** What a host does by itself: bounds its logs, installs security updates, and runs what they brought. */
const standingTimers = [
  "logrotate.timer",
  "apt-daily.timer",
  "apt-daily-upgrade.timer",
  "hardened-asterisk-outdated.timer",
];

/** A bundle as text and its name: JSON with sorted keys, and the sha256 of that text in hex. */
export interface CanonicalBundle {
  readonly text: string;
  readonly sha256: string;
}

/** The one text of a bundle: equal bundles give equal texts. */
export function canonicalBundle(bundle: Bundle): CanonicalBundle {
  const text = JSON.stringify(bundle, (_key, value: unknown) => (isRecord(value) ? sortKeys(value) : value));
  return { text, sha256: sha256(text) };
}

function renderFile(file: FileView, profile: PbxProfile, templates: TemplateSet): BundleFile {
  const template = templates.get(file.path);
  if (template === undefined) throw new TemplateError(`templates${file.path}.mustache`, "is missing");
  const content = renderTemplate(file.path, template, file.view(profile), file.format);
  return { path: file.path, owner: "root", group: file.group, mode: file.mode, content };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sortKeys(record: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(record);
  // Most records of a large bundle are references, with one key.
  return entries.length < 2 ? record : Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
