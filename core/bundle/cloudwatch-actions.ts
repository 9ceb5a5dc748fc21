import type { BundleAction } from "./bundle";
import {
  agentConfiguration,
  auditRules,
  cloudWatchAgentUnitName,
  cloudWatchUnits,
  journalFiles,
  journalUnitName,
  shipperUsers,
} from "./views/cloudwatch";

const dropInOf = (name: string) => cloudWatchUnits.map(({ path }) => path).filter((path) => path.includes(name));

/** What follows a change of the files that send logs on AWS. Services are started last, so users are made before, and what was stopped and is still wanted comes up anew. */
export const cloudWatchActions: readonly BundleAction[] = [
  {
    id: "make-shipper-users",
    service: "systemd",
    kind: "reload",
    argv: ["systemd-sysusers", shipperUsers.path],
    onChange: [shipperUsers.path],
  },
  {
    id: "restart-journal-files",
    service: "hardened-asterisk-journal",
    kind: "restart",
    argv: ["systemctl", "try-restart", journalUnitName],
    onChange: [journalFiles.path, ...dropInOf(journalUnitName)],
  },
  {
    id: "restart-agent",
    service: "amazon-cloudwatch-agent",
    kind: "restart",
    argv: ["systemctl", "try-restart", cloudWatchAgentUnitName],
    onChange: [agentConfiguration.path, ...dropInOf(cloudWatchAgentUnitName)],
  },
  {
    // In a container there is none to restart: it may not touch the kernel's rules.
    id: "load-audit-rules",
    service: "auditd",
    kind: "reload",
    argv: ["systemctl", "try-restart", "audit-rules.service"],
    onChange: [auditRules.path],
  },
];
