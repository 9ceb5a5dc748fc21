import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { run } from "../../sandbox/command";
import { officeSpec } from "../../test/e2e/scenario";
import { Installation } from "../operator/installation";
import { writeEmptyProject } from "./empty-project";

/** One pair of no-op ups, in milliseconds. */
export interface Pair {
  readonly pbx: number;
  readonly empty: number;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Times a no-op `up` of `stacks/pbx` against one of an empty TypeScript program, in turn, with the same engine. */
export async function measureNoopUp(pairs: number, progress: (line: string) => void): Promise<Pair[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "hardened-asterisk-bench-"));
  const pbx = await Installation.open({ name: "benchnoop", spec: officeSpec(), progress });
  try {
    writeEmptyProject(folder);
    const [pulumi = ""] = pbx.stack.argv([]);
    const flags = ["--cwd", folder, "--non-interactive", "--stack", "empty"];
    const emptyUp = () =>
      run([pulumi, "up", "--yes", "--skip-preview", ...flags], { env: pbx.stack.env, timeout: 120_000 });
    await run([pulumi, "stack", "init", "empty", "--cwd", folder, "--non-interactive"], { env: pbx.stack.env });
    await pbx.stack.up();
    await emptyUp();
    const measured: Pair[] = [];
    for (let index = 0; index < pairs; index++) {
      const pair = { pbx: await timed(() => pbx.stack.up()), empty: await timed(emptyUp) };
      progress(
        `no-op up ${index + 1} of ${pairs}: ${Math.round(pair.pbx)} ms, empty program ${Math.round(pair.empty)} ms`,
      );
      measured.push(pair);
    }
    return measured;
  } finally {
    await pbx.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
