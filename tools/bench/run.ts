import { writeFileSync } from "node:fs";
import path from "node:path";
import { format } from "prettier";
import { run } from "../../sandbox/command";
import { measureNoopUp } from "./noop-up";

const pairs = 7;
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

async function main(): Promise<void> {
  const noop = await measureNoopUp(pairs, (line) => {
    console.log(line);
  });
  const ratios = noop.map(({ pbx, empty }) => pbx / empty);
  const commit = (await run(["git", "rev-parse", "--short", "HEAD"])).trim();
  const seconds = (values: readonly number[]) => (median(values) / 1000).toFixed(1);
  const row = [
    seconds(noop.map(({ pbx }) => pbx)),
    seconds(noop.map(({ empty }) => empty)),
    `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`,
  ];
  const text = `# Benchmarks

Written by \`npm run bench\`; commit ${commit}, ${new Date().toISOString().slice(0, 10)}. Paired runs on one machine: read the ratios, not the seconds.

## A second \`pulumi up\` that changes nothing

Against the same engine's no-op on an empty TypeScript program, ${pairs} pairs in turn; medians, and the range of the ratio.

| stacks/pbx (s) | empty program (s) | ratio |
|---|---|---|
| ${row.join(" | ")} |
`;
  writeFileSync(
    path.join(__dirname, "../../docs/benchmarks.md"),
    await format(text, { parser: "markdown", printWidth: 120 }),
  );
  console.log(text);
}

void main();
