import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PhoneFiles } from "./phone-files";
import { asHeard, readWav, type Arrival, type Wav } from "./tone";

/** A call's moments, in milliseconds of the monotonic clock. */
export interface CallTimes {
  readonly established: number;
  readonly ended: number;
}

/** Telephone audio, for a call in which nothing arrived. */
const RATE = 8000;

/** The size of the header that the phone's recorder writes before the samples. */
const HEADER_BYTES = 44;

/**
 * Puts together what a phone heard in one call, silence where nothing arrived. A phone begins a new file whenever its
 * media restarts, so a call may have several. Calls of one phone begun
 * in the same second share a file name: the later one may read as silence, so leave a second between them.
 */
export async function readRecording(files: PhoneFiles, { established, ended }: CallTimes): Promise<Wav> {
  const arrivals: Arrival[] = [];
  const pieces: Int16Array[] = [];
  let rate = RATE;
  for (const [name, own] of readClock(await readFile(files.clock, "utf8"))) {
    // Earlier calls end before this one is established, so the times alone tell the calls apart.
    const ours = own.filter(({ at }) => at >= established);
    if (ours.length === 0) continue;
    const wav = readWav(await readFile(join(files.recordings, name)));
    const from = total(own) - total(ours);
    rate = wav.rate;
    arrivals.push(...ours);
    pieces.push(wav.samples.subarray(from, from + total(ours)));
  }
  const samples = Int16Array.from(pieces.flatMap((piece) => [...piece]));
  return asHeard({ rate, samples }, arrivals, established, ended);
}

const total = (arrivals: readonly Arrival[]): number => arrivals.reduce((sum, { samples }) => sum + samples, 0);

/**
 * Reads `phone-line.py`'s lines "<monotonic ms> <file size> <file name>": per file, in order, what arrived when. A file that
 * shrinks has been begun anew.
 */
export function readClock(text: string): Map<string, Arrival[]> {
  const files = new Map<string, { size: number; arrivals: Arrival[] }>();
  for (const line of text.split("\n")) {
    const [, at, bytes, name] = /^(\S+) (\d+) (.+)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const known = files.get(name);
    const file = known !== undefined && known.size <= Number(bytes) ? known : { size: HEADER_BYTES, arrivals: [] };
    const samples = Math.max(0, Math.floor((Number(bytes) - file.size) / 2));
    file.arrivals.push({ at: Number(at), samples });
    file.size = Number(bytes);
    files.set(name, file);
  }
  return new Map([...files].map(([name, { arrivals }]) => [name, arrivals]));
}
