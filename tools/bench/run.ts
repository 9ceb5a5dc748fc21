import { Command, Option } from "commander";
import { interruptible } from "../../sandbox/interruptible";
import { Installation } from "../operator/installation";
import { faultSection } from "./faults";
import { capacitySection } from "./capacity/capacity";
import { activateSection } from "./activate-phones";
import { awsPreviewSection } from "./aws-preview";
import { measureNoopUp } from "./noop-up";
import { renderSection } from "./render-phones";
import { median } from "./median";
import { table, writeSection } from "./report";

const pairs = 7;
const say = (line: string) => {
  console.log(line);
};

async function noopSection(): Promise<string> {
  const noop = await measureNoopUp(pairs, say);
  const ratios = noop.map(({ pbx, empty }) => pbx / empty);
  const seconds = (values: readonly number[]) => (median(values) / 1000).toFixed(1);
  const row = [
    seconds(noop.map(({ pbx }) => pbx)),
    seconds(noop.map(({ empty }) => empty)),
    `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`,
  ];
  return `Against the same engine's no-op on an empty TypeScript program, ${pairs} pairs in turn; medians, and the range of the ratio.

${table(["stacks/pbx (s)", "empty program (s)", "ratio"], [row])}`;
}

const sections = {
  noop: { heading: "A second `pulumi up` that changes nothing", body: noopSection },
  render: { heading: "Rendering many phones", body: () => renderSection(say) },
  faults: { heading: "Faults during an activation", body: () => Promise.resolve(faultSection()) },
  capacity: { heading: "Carrying calls", body: () => capacitySection(say) },
  "aws-preview": { heading: "A preview of a host on AWS", body: () => awsPreviewSection(say) },
  activate: { heading: "Activating many phones", body: () => activateSection(say) },
} as const;

async function main(): Promise<void> {
  const { only } = new Command("npm run bench --")
    .description("Measures, and writes docs/benchmarks.md.")
    .addOption(new Option("--only <section>", "one section").choices(Object.keys(sections)))
    .parse()
    .opts<{ only?: keyof typeof sections }>();
  const names = only === undefined ? (Object.keys(sections) as (keyof typeof sections)[]) : [only];
  for (const name of names) {
    const body = await sections[name].body();
    if (body === undefined) say(`${name}: nothing was tallied at this commit; npm run test:long does`);
    else await writeSection(sections[name].heading, body);
  }
}

void interruptible(main, (sandbox) => Installation.remove(sandbox));
