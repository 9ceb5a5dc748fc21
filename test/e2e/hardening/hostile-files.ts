/** The folder of Asterisk's logs. */
export const logs = "/var/log/asterisk";

/** What Asterisk's user can put in the place of a file, by a line of shell; `$1` is the path. */
export const kinds = {
  "a link to /etc/shadow": 'ln -s /etc/shadow "$1"',
  "a link to a folder": 'ln -s /etc "$1"',
  "a FIFO": 'mkfifo "$1"',
  "a directory": 'mkdir "$1"',
  "10 GB of zeros": 'truncate -s 10G "$1"',
};
/** One of them, by its name. */
export type Kind = keyof typeof kinds;

/** Names that this program once gave to files of its own in folders of Asterisk's, and some of the package's. */
export const places = [
  ...["messages.log", "hardened-asterisk-preflight.log", "hardened-asterisk-console"].map((file) => `${logs}/${file}`),
  "/var/lib/asterisk/hostile",
  "/var/lib/asterisk/sounds",
  "/var/spool/asterisk/hostile",
  "/var/spool/asterisk/tmp",
];
/** The log that fail2ban reads. */
export const security = `${logs}/security.log`;

/** Every command for a person, and what timers and probes run. */
export const commands = [
  ["status"],
  ["generations"],
  ["phones"],
  ["phone", "reception"],
  ["receipt"],
  ["bans"],
  ["unban", "192.0.2.99"],
  ["restore-bans"],
  ["renew"],
  ["accounts"],
  ["listeners"],
  ["heartbeat"],
  ["restart-outdated"],
  ["recover"],
];
