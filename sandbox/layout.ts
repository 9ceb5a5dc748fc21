import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The directory below which every sandbox keeps its state, its keys and its mounts. */
export const stateRoot = "/run/hardened-asterisk-sandbox";

/** The environment variable that marks every process started for a sandbox; its value is the sandbox's name. */
export const processMark = "HARDENED_ASTERISK_SANDBOX";

/** The unhardened twins: Debian 14 with Asterisk 22, and Debian 11 with Asterisk 16. */
export const twinHosts = ["twin", "twin16"] as const;
/** One of {@link twinHosts}. */
export type TwinHost = (typeof twinHosts)[number];

/** The network namespaces of a sandbox; those of {@link twinHosts} exist only when asked for. */
export const roles = [
  ...(["pbx", "operator", "office", "nat", "home", "carrier", "attacker", "internet"] as const),
  ...twinHosts,
] as const;
/** One of {@link roles}. */
export type Role = (typeof roles)[number];

/** The machines of a sandbox that boot an operating system. */
export type HostName = "pbx" | TwinHost;

/** Whether a role is one of {@link twinHosts}. */
export function isTwin(role: Role): role is TwinHost {
  return twinHosts.some((twin) => twin === role);
}

/** Returns `name` when it can name a sandbox; raises an `Error` otherwise. */
export function checkName(name: string): string {
  if (/^[a-z][a-z0-9]{0,15}$/.test(name) && !isRole(name)) return name;
  const rule = `take 1–16 of a–z and 0–9, a letter first, and none of ${roles.join(", ")}`;
  throw new Error(`the sandbox name ${JSON.stringify(name)} is not usable: ${rule}`);
}

/** Whether a word names a {@link Role}. */
export function isRole(word: string): word is Role {
  return roles.some((role) => role === word);
}

/** The network namespace of one role. */
export function namespaceOf(name: string, role: Role): string {
  return `ha-${name}-${role}`;
}

/** The sandbox and role a network namespace belongs to, or undefined when it is none of ours. */
export function ownerOfNamespace(namespace: string): { name: string; role: Role } | undefined {
  const match = /^ha-([a-z][a-z0-9]{0,15})-([a-z0-9]+)$/.exec(namespace);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return isRole(match[2]) ? { name: match[1], role: match[2] } : undefined;
}

/** Where the named file of netns(8) lies. */
export function namespaceFile(namespace: string): string {
  return join("/run/netns", namespace);
}

/** Where the files of one sandbox lie. */
export function layoutOf(name: string) {
  const directory = join(stateRoot, checkName(name));
  const hosts = join(directory, "hosts");
  return {
    directory,
    /** The finished {@link Sandbox}; there only once `up` has ended well. */
    state: join(directory, "sandbox.json"),
    /** The process that is bringing the sandbox up; gone once it has ended well. */
    builder: join(directory, "builder.json"),
    /** The ledger it is in; empty when in none. */
    ledger: join(directory, "ledger"),
    clientKey: join(directory, "client_ed25519"),
    knownHosts: join(directory, "known_hosts"),
    log: (service: string) => join(directory, `${service}.log`),
    /** A tmpfs with one directory per host: what differs from the image. */
    hosts,
    host: (host: HostName) => ({
      upper: join(hosts, host, "upper"),
      work: join(hosts, host, "work"),
      root: join(hosts, host, "root"),
    }),
    cgroup: (part?: HostName | "services") => join(cgroupRoot(), name, part ?? ""),
  };
}

/** The cgroup (version 2) directory below which every sandbox has its own; raises an `Error` when the machine has none. */
export function cgroupRoot(): string {
  const mount = readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" "))
    .find((fields) => fields[2] === "cgroup2")?.[1];
  if (mount === undefined)
    throw new Error("this machine has no cgroup2 file system mounted: `mount -t cgroup2 cgroup2 DIRECTORY`");
  return join(mount, "hardened-asterisk-sandbox");
}
