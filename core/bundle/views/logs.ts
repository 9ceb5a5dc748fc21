import type { LogsProfile, PbxProfile } from "../../profile/profile";
import { secretName } from "../../secrets/secret-name";
import { systemFile, when, type FileView } from "../file-view";
import type { View } from "../mustache";

/** Where everything about the shipping of logs lies on the host. */
export const logsFolder = "/etc/hardened-asterisk/logs";

/** The unit that ships them. */
export const logsUnitName = "hardened-asterisk-logs.service";

/** The program that takes lines to the receiver. */
export const relpSenderPath = "/etc/hardened-asterisk/logs/send-relp";

/** How much the journal may keep. */
const journalLimits = systemFile("/etc/systemd/journald.conf.d/hardened-asterisk.conf", () => ({}));

const asteriskLogs = "/var/log/asterisk";

/** A flood of what strangers can cause must neither fill the disk nor push out the records of calls: two queues, one at most 500 lines a second. */
const queues = [
  {
    queue: "exposed",
    megabytes: 256,
    fileMegabytes: 8,
    linesPerSecond: 500,
  },
  {
    queue: "records",
    megabytes: 128,
    fileMegabytes: 4,
    linesPerSecond: 2000,
  },
];

const files = [
  { path: `${asteriskLogs}/security.log`, stream: "asterisk-security", ruleset: "exposed-file" },
  { path: `${asteriskLogs}/messages.log`, stream: "asterisk-messages", ruleset: "exposed-file" },
  { path: `${asteriskLogs}/cdr-custom/Master.csv`, stream: "asterisk-calls", ruleset: "records-file" },
  { path: "/var/log/fail2ban.log", stream: "fail2ban", ruleset: "exposed-file" },
];

/** A file that is there only with a receiver. */
function withReceiver(path: string, view: (logs: LogsProfile) => View): FileView {
  return {
    ...systemFile(path, ({ logs }) => {
      if (logs === undefined) throw new Error(`${path} needs a receiver`);
      return view(logs);
    }),
    needed: ({ logs }) => logs !== undefined,
  };
}

const shown = ({ logs }: PbxProfile) => logs?.clientCertificate !== undefined;
const lines = (pem: readonly string[]): View => ({ lines: pem.map((line) => ({ line })) });
const client = ({ clientCertificate }: LogsProfile) => when(clientCertificate !== undefined, () => ({}));

/** What is sent, where to, and what happens while nobody takes it. */
const logsConfiguration = withReceiver(`${logsFolder}/rsyslog.conf`, (logs) => ({
  queues: queues.map((queue) => ({
    ...queue,
    address: logs.address,
    port: logs.port,
    name: logs.name,
    client: client(logs),
  })),
  files,
}));

/** Hands lines over and waits until they are confirmed. */
const relpSender: FileView = { ...withReceiver(relpSenderPath, () => ({})), mode: "0755" };

/** Runs it, as a user that can read logs and nothing else. */
const logsUnit = withReceiver(`/etc/systemd/system/${logsUnitName}`, (logs) => ({
  address: logs.address,
  client: client(logs),
}));

/** By which the receiver is known. */
const receiverAuthority = withReceiver(`${logsFolder}/receiver-ca.pem`, ({ ca }) => lines(ca));

/** By which the receiver knows this PBX. */
const clientCertificate: FileView = {
  ...withReceiver(`${logsFolder}/client.pem`, (logs) => lines(logs.clientCertificate ?? [])),
  needed: shown,
};

/** Its key, which systemd hands to the unit. */
const clientKey: FileView = {
  ...withReceiver(`${logsFolder}/client.key`, () => ({ key: { ref: secretName.logClientKey } })),
  mode: "0600",
  needed: shown,
};

/** Every file that has to do with logs leaving the host. */
export const logViews: readonly FileView[] = [
  journalLimits,
  logsConfiguration,
  logsUnit,
  receiverAuthority,
  relpSender,
  clientCertificate,
  clientKey,
];
