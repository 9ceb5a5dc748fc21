import type { CloudWatchProfile, PbxProfile } from "../../profile/profile";
import type { BundlePackage } from "../bundle";
import { systemFile, type FileView } from "../file-view";
import type { View } from "../mustache";
import { logsFolder } from "./logs";

/** Copies to files what of the journal is sent. */
export const journalUnitName = "hardened-asterisk-journal.service";

/** Sends the files; its package is Amazon's own. */
export const cloudWatchAgentUnitName = "amazon-cloudwatch-agent.service";

/** Says every minute that the PBX is alive. */
export const heartbeatTimerName = "hardened-asterisk-heartbeat.timer";

/** A file that only a host on AWS has. */
function onAws(path: string, view: (cloudWatch: CloudWatchProfile) => View = () => ({})): FileView {
  return {
    ...systemFile(path, ({ cloudWatch }) => {
      if (cloudWatch === undefined) throw new Error(`${path} needs CloudWatch`);
      return view(cloudWatch);
    }),
    needed: ({ cloudWatch }: PbxProfile) => cloudWatch !== undefined,
  };
}

const unit = (name: string) => onAws(`/etc/systemd/system/${name}`);

/** Units of a host on AWS; the last is a drop-in of the agent's. */
export const cloudWatchUnits: readonly FileView[] = [
  unit(journalUnitName),
  unit("hardened-asterisk-heartbeat.service"),
  unit(heartbeatTimerName),
  unit(`${cloudWatchAgentUnitName}.d/hardened-asterisk.conf`),
];

/** Who copies the journal and sends what is read: the agent's own user. */
export const shipperUsers = onAws("/etc/sysusers.d/hardened-asterisk.conf");

/** What the kernel is to note. */
export const auditRules: FileView = { ...onAws("/etc/audit/rules.d/hardened-asterisk.rules"), mode: "0640" };

/** What is copied of the journal. */
export const journalFiles = onAws(`${logsFolder}/journal.conf`);

/** What the agent reads, and the log groups it writes to. */
export const agentConfiguration = onAws(`${logsFolder}/cloudwatch-agent.json`, ({ prefix }) => ({ prefix }));

/** Every file that has to do with logs on AWS. */
export const cloudWatchViews: readonly FileView[] = [
  ...cloudWatchUnits,
  shipperUsers,
  auditRules,
  journalFiles,
  agentConfiguration,
  onAws("/etc/logrotate.d/hardened-asterisk"),
];

/** Packages that they need: of the release, and Amazon's. */
export const cloudWatchPackages = ({ cloudWatch, platform: { os } }: PbxProfile): readonly BundlePackage[] =>
  cloudWatch === undefined
    ? []
    : [
        { name: os.packages.audit },
        { name: os.packages.cards },
        { name: "amazon-cloudwatch-agent", file: cloudWatch.agent },
      ];

/** Units that then run; the agent's after what it reads. */
export const cloudWatchServices = ({ cloudWatch }: PbxProfile): readonly string[] =>
  cloudWatch === undefined ? [] : [journalUnitName, heartbeatTimerName, cloudWatchAgentUnitName];
