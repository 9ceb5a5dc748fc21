import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Role } from "../../../sandbox/layout";
import { endProcess, startInNamespace, waitUntil } from "../peers/peer-process";
import type { Target } from "./target";

/** The UDP messages that came from the target into a namespace while `work` ran and `longer` milliseconds more, whoever they were for. */
export async function overhear(
  target: Target,
  role: Role,
  longer: number,
  work: () => Promise<void>,
): Promise<string[]> {
  const script = join(__dirname, "tools/overhear.py");
  const argv = ["python3", "-B", script, target.address];
  const listener = startInNamespace(target.sandbox.namespaces[role] ?? "", argv);
  const heard: string[] = [];
  createInterface({ input: listener.stdout }).on("line", (line) => heard.push(JSON.parse(line) as string));
  try {
    await waitUntil(
      () => heard.length > 0,
      5_000,
      () => `${script} does not listen in ${role}`,
    );
    await work();
    await new Promise((resolve) => setTimeout(resolve, longer));
    return heard.slice(1);
  } finally {
    listener.stdin.end();
    await endProcess(listener, 500);
  }
}
