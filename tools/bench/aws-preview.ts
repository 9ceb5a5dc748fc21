import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { SimulatedStack } from "../aws/simulated-stack";
import { ensureEngine } from "../engine/engine";
import { writeEmptyProject } from "./empty-project";
import { median } from "./median";
import { measureRun, type Measured } from "./process-tree";
import { table } from "./report";

const pairs = 7;
const minimal = path.join(__dirname, "../../stacks/aws-minimal");

interface Pair {
  readonly minimal: Measured;
  readonly empty: Measured;
}

/** Times `pulumi preview` of `stacks/aws-minimal` against that of an empty program that loads @pulumi/aws, in turn. */
async function measurePreviews(progress: (line: string) => void): Promise<Pair[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "hardened-asterisk-bench-"));
  const engine = await ensureEngine({ progress });
  const empty = path.join(folder, "empty");
  writeEmptyProject(empty);
  rmSync(path.join(empty, "node_modules"));
  writeFileSync(
    path.join(empty, "index.ts"),
    'import * as aws from "@pulumi/aws";\nexport const loaded = Object.keys(aws).length;\n',
  );
  const open = (program: string) => SimulatedStack.open({ engine, program, checkTypes: true });
  const stacks = { minimal: await open(minimal), empty: await open(empty) };
  try {
    const asteriskPackage = { url: "https://packages.example.com/asterisk.deb", sha256: "0".repeat(64) };
    const settings = Object.entries(asteriskPackage).map(([key, value]) => [
      `aws-minimal:asteriskPackage.${key}`,
      value,
    ]);
    await stacks.minimal.configure(Object.fromEntries(settings) as Record<string, string>, {
      masterSecret: "0123456789abcdef0123456789abcdef",
    });
    const preview = (stack: SimulatedStack) => measureRun(stack.argv(["preview"]), stack.env);
    const measured: Pair[] = [];
    for (let index = 0; index < pairs; index++) {
      const pair = { minimal: await preview(stacks.minimal), empty: await preview(stacks.empty) };
      const seconds = ({ milliseconds }: Measured) => (milliseconds / 1000).toFixed(1);
      progress(`preview ${index + 1} of ${pairs}: ${seconds(pair.minimal)} s, empty program ${seconds(pair.empty)} s`);
      measured.push(pair);
    }
    return measured;
  } finally {
    for (const stack of Object.values(stacks)) await stack.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The section of the benchmarks. */
export async function awsPreviewSection(progress: (line: string) => void): Promise<string> {
  const measured = await measurePreviews(progress);
  const ratios = measured.map(({ minimal, empty }) => minimal.milliseconds / empty.milliseconds);
  const cell = (runs: readonly Measured[]) => [
    (median(runs.map(({ milliseconds }) => milliseconds)) / 1000).toFixed(1),
    (Math.max(...runs.map(({ peakBytes }) => peakBytes)) / 2 ** 20).toFixed(0),
  ];
  const row = [
    ...cell(measured.map(({ minimal }) => minimal)),
    ...cell(measured.map(({ empty }) => empty)),
    `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`,
  ];
  return `Of \`stacks/aws-minimal\` against an empty TypeScript program that loads @pulumi/aws, ${pairs} pairs in turn, types checked; the provider is the project's simulation of AWS, in a process that is not counted. Medians, the range of the ratio, and the most memory of engine, language host and program together at any look.

${table(["aws-minimal (s)", "most memory (MiB)", "empty program (s)", "most memory (MiB)", "ratio"], [row])}`;
}
