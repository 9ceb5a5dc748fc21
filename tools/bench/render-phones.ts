import path from "node:path";
import { run } from "../../sandbox/command";
import type { RenderFigures } from "./render-once";
import { median } from "./median";
import { table } from "./report";

const sizes = [100, 1000, 10_000] as const;
const processes = 5;

/** What one size came to; each figure is the median of several processes. */
interface Row extends RenderFigures {
  readonly phones: number;
}

async function measure(phones: number, progress: (line: string) => void): Promise<Row> {
  const all: RenderFigures[] = [];
  for (let index = 0; index < processes; index++) {
    const argv = [process.execPath, "--import", "tsx", path.join(__dirname, "render-once.ts"), String(phones)];
    all.push(JSON.parse(await run(argv, { cwd: path.join(__dirname, "../.."), timeout: 120_000 })) as RenderFigures);
  }
  const of = (key: keyof RenderFigures) => median(all.map((figures) => figures[key]));
  const row = { phones, coldMs: of("coldMs"), peakMb: of("peakMb"), warmMs: of("warmMs") };
  progress(`render ${phones} phones: ${Math.round(row.coldMs)} ms cold, ${Math.round(row.peakMb)} MB`);
  return row;
}

/** How long and how large rendering is for more and more phones, as the body of a section. */
export async function renderSection(progress: (line: string) => void): Promise<string> {
  const fixed = await measure(1, progress);
  const rows: Row[] = [];
  for (const size of sizes) rows.push(await measure(size, progress));
  const perPhone = ({ warmMs, phones }: Row) => ((warmMs - fixed.warmMs) / (phones - 1)) * 1000;
  const lines = rows.map((row) => [
    row.phones.toLocaleString("en"),
    (row.coldMs / 1000).toFixed(2),
    row.peakMb.toFixed(0),
    perPhone(row).toFixed(0),
  ]);
  const [first, last] = [rows[0], rows.at(-1)];
  const ratio = first === undefined || last === undefined ? NaN : perPhone(last) / perPhone(first);
  return `From the spec to the bundle's text and all values, medians of ${processes} processes. Time and memory are those of a fresh
process (without loading modules; memory is the largest resident size, Node and tsx included). Processor time per phone is of
warm code, garbage collection included, the median of the second half of at least 9 rounds, less that of a PBX with one phone (${fixed.warmMs.toFixed(1)} ms), divided by the phones beyond it.

${table(["phones", "time (s)", "memory (MB)", "processor time per phone (µs)"], lines)}

Processor time per phone from 100 to 10,000 phones: × ${ratio.toFixed(2)}.`;
}
