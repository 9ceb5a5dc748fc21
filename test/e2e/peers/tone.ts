/** Mono audio: signed 16-bit samples at `rate` samples a second. */
export interface Wav {
  readonly rate: number;
  readonly samples: Int16Array;
}

/** One piece of audio as it reached a listener: when (milliseconds, any monotonic clock) and how many samples. */
export interface Arrival {
  readonly at: number;
  readonly samples: number;
}

/** Milliseconds of audio judged at once; the resolution of every figure below. */
export const WINDOW_MS = 20;

/** Quieter than this root mean square (of 32,767) is silence. */
const SILENCE = 200;

/** Share of a window's energy that must lie at the asked frequency for the tone to count as heard. */
const PURITY = 0.5;

/**
 * Reads RIFF/WAVE with 16-bit PCM, the first channel of it. A data length of 0 or past the end, as in a recording that
 * is still being written, means: up to the end. Raises an error for anything else.
 */
export function readWav(file: Buffer): Wav {
  if (file.length < 12 || file.toString("latin1", 0, 4) !== "RIFF" || file.toString("latin1", 8, 12) !== "WAVE") {
    throw new Error("not a WAV file: it does not begin with RIFF…WAVE");
  }
  let format: { channels: number; rate: number } | undefined;
  for (let at = 12; at + 8 <= file.length;) {
    const id = file.toString("latin1", at, at + 4);
    const length = file.readUInt32LE(at + 4);
    const body = at + 8;
    if (id === "fmt ") format = readFormat(file, body);
    if (id === "data") {
      if (format === undefined) throw new Error("WAV file without a format before its data");
      const end = length === 0 ? file.length : Math.min(body + length, file.length);
      return { rate: format.rate, samples: firstChannel(file.subarray(body, end), format.channels) };
    }
    at = body + length + (length % 2);
  }
  throw new Error("WAV file without audio data");
}

function readFormat(file: Buffer, at: number): { channels: number; rate: number } {
  const [coding, channels, bits] = [file.readUInt16LE(at), file.readUInt16LE(at + 2), file.readUInt16LE(at + 14)];
  if (coding !== 1 || bits !== 16 || channels < 1) {
    throw new Error(`WAV file is not 16-bit PCM (coding ${coding}, ${bits} bits, ${channels} channels)`);
  }
  return { channels, rate: file.readUInt32LE(at + 4) };
}

function firstChannel(data: Buffer, channels: number): Int16Array {
  const samples = new Int16Array(Math.floor(data.length / (2 * channels)));
  for (let i = 0; i < samples.length; i++) samples[i] = data.readInt16LE(i * 2 * channels);
  return samples;
}

/** The part of a recording from `fromMs` to `toMs` (default: its end), such as without the moment in which media starts. */
export function cut(wav: Wav, fromMs: number, toMs = Infinity): Wav {
  const [from, to] = [fromMs, toMs].map((ms) => Math.min(wav.samples.length, Math.round((ms * wav.rate) / 1000)));
  return { rate: wav.rate, samples: wav.samples.subarray(from, to) };
}

/** Share (0–1) of the samples' energy that lies at `hz` (Goertzel); 0 for silence. A pure tone gives about 1. */
export function purity(samples: Int16Array, rate: number, hz: number): number {
  const turn = (2 * Math.PI * hz) / rate;
  const coefficient = 2 * Math.cos(turn);
  let [last, beforeLast, energy] = [0, 0, 0];
  for (const sample of samples) {
    [last, beforeLast] = [sample + coefficient * last - beforeLast, last];
    energy += sample * sample;
  }
  if (samples.length === 0 || Math.sqrt(energy / samples.length) < SILENCE) return 0;
  const power = last * last + beforeLast * beforeLast - coefficient * last * beforeLast;
  return Math.min(1, (2 * power) / (samples.length * energy));
}

/** The strongest frequency in Hz between 100 and 3,400 (what a telephone carries), to 10 Hz; undefined for silence. */
export function dominantTone(samples: Int16Array, rate: number): number | undefined {
  let best: { hz: number; share: number } | undefined;
  for (let hz = 100; hz <= 3400; hz += 10) {
    const share = purity(samples, rate, hz);
    if (share > (best?.share ?? 0)) best = { hz, share };
  }
  return best?.hz;
}

/** For each window of `wav`, whether the tone of `hz` is what is heard in it. */
function windowsWithTone(wav: Wav, hz: number): boolean[] {
  const size = Math.round((wav.rate * WINDOW_MS) / 1000);
  const heard: boolean[] = [];
  for (let at = 0; at + size <= wav.samples.length; at += size) {
    heard.push(purity(wav.samples.subarray(at, at + size), wav.rate, hz) >= PURITY);
  }
  return heard;
}

/** Share (0–1) of the time in which the tone of `hz` is heard; 0 for an empty recording. */
export function heardTone(wav: Wav, hz: number): number {
  const heard = windowsWithTone(wav, hz);
  return heard.length === 0 ? 0 : heard.filter(Boolean).length / heard.length;
}

/**
 * The longest time in milliseconds without the tone of `hz`, to {@link WINDOW_MS}, also before it is first heard and
 * after it is last heard: a tone that is never heard gives the length of the recording.
 */
export function longestGap(wav: Wav, hz: number): number {
  let [longest, current] = [0, 0];
  for (const heard of windowsWithTone(wav, hz)) {
    current = heard ? 0 : current + 1;
    longest = Math.max(longest, current);
  }
  return longest * WINDOW_MS;
}

/**
 * Lays decoded audio out in time as a phone with a playout buffer of `buffer` milliseconds plays it: what arrives later
 * than that is preceded by silence, so that lost packets are heard as gaps. `from` and `to` are the ends of the call on
 * the clock of the arrivals; silence fills up to them.
 */
export function asHeard(wav: Wav, arrivals: readonly Arrival[], from: number, to: number, buffer = 60): Wav {
  const pieces: Int16Array[] = [];
  const silence = (ms: number): Int16Array => new Int16Array(Math.round((ms * wav.rate) / 1000));
  let [played, taken] = [from, 0];
  for (const { at, samples } of arrivals) {
    if (at - played > buffer) {
      pieces.push(silence(at - played));
      played = at;
    }
    const piece = wav.samples.subarray(taken, taken + samples);
    pieces.push(piece);
    taken += samples;
    played += (piece.length * 1000) / wav.rate;
  }
  if (to - played > buffer) pieces.push(silence(to - played));
  const samples = new Int16Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    samples.set(piece, at);
    at += piece.length;
  }
  return { rate: wav.rate, samples };
}
