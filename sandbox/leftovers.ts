import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cgroupRoot, ownerOfNamespace, stateRoot } from "./layout";
import { listNamespaces, ownedProcesses } from "./process";

/**
 * Everything on this machine that belongs to a sandbox, one line each: processes, mounts, network namespaces, control groups and
 * files. It looks at the machine itself, not at what any sandbox wrote down.
 *
 * @param prefix only sandboxes whose name begins so. Default: all.
 */
export function countLeftovers(prefix = ""): Promise<string[]> {
  return Promise.resolve(leftovers((name) => name.startsWith(prefix)));
}

/** As {@link countLeftovers}, for the sandboxes whose name is wanted. */
export function leftovers(wanted: (name: string) => boolean): string[] {
  return [
    ...ownedProcesses()
      .filter(({ sandbox }) => wanted(sandbox))
      .map(({ pid, command }) => `process ${pid} (${command})`),
    ...sandboxMounts(wanted).map((mount) => `mount ${mount}`),
    ...listNamespaces()
      .filter((namespace) => wanted(ownerOfNamespace(namespace)?.name ?? ""))
      .filter((namespace) => ownerOfNamespace(namespace) !== undefined)
      .map((namespace) => `namespace ${namespace}`),
    ...entries(cgroupRoot(), wanted).map((cgroup) => `cgroup ${cgroup}`),
    ...entries(stateRoot, wanted).map((file) => `file ${file}`),
  ];
}

/** The names of all sandboxes of which anything is left. */
export function namesInUse(): string[] {
  const names = new Set<string>();
  leftovers((name) => {
    if (name !== "") names.add(name);
    return false;
  });
  return [...names];
}

/** The mount points that belong to sandboxes whose name is wanted, the innermost first. */
export function sandboxMounts(wanted: (name: string) => boolean): string[] {
  return readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "")
    .filter(
      (mount) => mount.startsWith(`${stateRoot}/`) && wanted(mount.slice(stateRoot.length + 1).split("/")[0] ?? ""),
    )
    .sort((a, b) => b.length - a.length);
}

function entries(directory: string, wanted: (name: string) => boolean): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => !directory.startsWith("/sys/") || entry.isDirectory())
    .filter((entry) => wanted(entry.name))
    .map((entry) => join(directory, entry.name));
}
