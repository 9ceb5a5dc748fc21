import { readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tryRun } from "./command";
import { until } from "./host";
import { cgroupRoot, layoutOf, ownerOfNamespace, stateRoot } from "./layout";
import { leftovers, sandboxMounts } from "./leftovers";
import { listNamespaces, ownedProcesses, removeCgroup, startTimeOf } from "./process";

/** The process that brings a sandbox up. */
export interface Builder {
  readonly pid: number;
  /** See `startTimeOf`. */
  readonly started: number | undefined;
}

/**
 * Ends a sandbox: every process, mount, network namespace, control group and file. Needs nothing but its name, works from any
 * half-built state, and does nothing when there is nothing. Raises an `Error` when another process is just bringing it up, or when
 * something is left after 20 s.
 */
export async function tearDown(name: string): Promise<void> {
  // A killed process needs a moment to end.
  const builder = await until(300, () => Promise.resolve(livingBuilderOf(name)));
  if (builder !== undefined) {
    throw new Error(`sandbox ${name} is just being brought up by process ${builder}: end that process first`);
  }
  const left = await until(20_000, async () => {
    endProcesses(name);
    await unmount(name);
    await deleteNamespaces(name);
    removeCgroup(layoutOf(name).cgroup());
    if (sandboxMounts((owner) => owner === name).length === 0)
      rmSync(layoutOf(name).directory, { recursive: true, force: true });
    return leftovers((owner) => owner === name).join("\n") || undefined;
  });
  if (left !== undefined) throw new Error(`of sandbox ${name} there is still:\n${left}`);
  for (const directory of [stateRoot, cgroupRoot()])
    attempt(() => {
      rmdirSync(directory);
    });
}

/** Another process that brings the sandbox up and has not ended yet. */
function livingBuilderOf(name: string): number | undefined {
  try {
    const { pid, started } = JSON.parse(readFileSync(layoutOf(name).builder, "utf8")) as Builder;
    return pid !== process.pid && startTimeOf(pid) === started ? pid : undefined;
  } catch {
    return undefined;
  }
}

function endProcesses(name: string): void {
  attempt(() => {
    writeFileSync(join(layoutOf(name).cgroup(), "cgroup.kill"), "1");
  });
  for (const { pid, started, sandbox } of ownedProcesses()) {
    // Between the reading of /proc and here the number may have gone to another process.
    if (sandbox === name && startTimeOf(pid) === started) attempt(() => process.kill(pid, "SIGKILL"));
  }
}

async function unmount(name: string): Promise<void> {
  const { hosts } = layoutOf(name);
  for (const mount of sandboxMounts((owner) => owner === name)) {
    // Another sandbox's mount namespace may hold a copy of this tmpfs: emptied, it holds no memory.
    if (mount === hosts)
      attempt(() => {
        rmSync(hosts, { recursive: true, force: true });
      });
    await tryRun(["umount", mount]);
  }
}

async function deleteNamespaces(name: string): Promise<void> {
  for (const namespace of listNamespaces()) {
    if (ownerOfNamespace(namespace)?.name === name) await tryRun(["ip", "netns", "delete", namespace]);
  }
}

/** What is not done yet shows in the count of what is left; the reason does not matter. */
function attempt(step: () => void): void {
  try {
    step();
  } catch {
    return;
  }
}
