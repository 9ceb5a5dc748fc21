import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PhoneFiles } from "./phone-files";
import { asHeard, readWav, type Arrival, type Wav } from "./tone";

/** A call's moments, in milliseconds of the monotonic clock. */
export interface CallTimes {
  /** When it was dialled or began to ring. */
  readonly begun: number;
  readonly established: number;
  readonly ended: number;
}

/** Telephone audio, for a call in which nothing arrived. */
const RATE = 8000;

/** The size of the header that the phone's recorder writes before the samples. */
const HEADER_BYTES = 44;

/**
 * Puts together what a phone heard in one call, silence where nothing arrived. A phone begins a new file whenever its
 * media restarts, so a call may have several. Calls of one phone begun in the same second share a file name: the later
 * one then reads as silence.
 */
export async function readRecording(files: PhoneFiles, { begun, established, ended }: CallTimes): Promise<Wav> {
  const arrivals: Arrival[] = [];
  const pieces: Int16Array[] = [];
  let rate = RATE;
  for (const [name, own] of readClock(await readFile(files.clock, "utf8"))) {
    if ((own[0]?.at ?? 0) < begun) continue;
    const wav = readWav(await readFile(join(files.recordings, name)));
    rate = wav.rate;
    arrivals.push(...own);
    pieces.push(
      wav.samples.subarray(
        0,
        own.reduce((sum, { samples }) => sum + samples, 0),
      ),
    );
  }
  const samples = Int16Array.from(pieces.flatMap((piece) => [...piece]));
  return asHeard({ rate, samples }, arrivals, established, ended);
}

/** Reads `phone-line.py`'s lines "<monotonic ms> <file size> <file name>": per file, in order, what arrived when. */
export function readClock(text: string): Map<string, Arrival[]> {
  const files = new Map<string, { size: number; arrivals: Arrival[] }>();
  for (const line of text.split("\n")) {
    const [, at, bytes, name] = /^(\S+) (\d+) (.+)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const file = files.get(name) ?? { size: HEADER_BYTES, arrivals: [] };
    const samples = Math.max(0, Math.floor((Number(bytes) - file.size) / 2));
    file.arrivals.push({ at: Number(at), samples });
    file.size = Number(bytes);
    files.set(name, file);
  }
  return new Map([...files].map(([name, { arrivals }]) => [name, arrivals]));
}
