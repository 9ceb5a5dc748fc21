/** Takes one line about what is being done. */
export type Progress = (line: string) => void;

/** Milliseconds between two lines about work that still goes on. */
const INTERVAL = 10_000;

/**
 * Reports a piece of work: what it is when it starts, every ten seconds where it stands, and how long it took.
 *
 * `state`, where given, is asked for each line's last words.
 */
export async function reported<T>(
  what: string,
  progress: Progress,
  work: () => Promise<T>,
  state: () => string = () => "",
): Promise<T> {
  const start = Date.now();
  const line = (): string => [what, elapsed(start), state()].filter((part) => part !== "").join(", ");
  progress(what);
  const timer = setInterval(() => {
    progress(line());
  }, INTERVAL);
  try {
    const result = await work();
    progress(`${line()}: done`);
    return result;
  } finally {
    clearInterval(timer);
  }
}

/** The time since `start` (milliseconds of the clock) in words: `12 s`, `3 min 5 s`. */
export function elapsed(start: number): string {
  const seconds = Math.round((Date.now() - start) / 1_000);
  return seconds < 60 ? `${String(seconds)} s` : `${String(Math.floor(seconds / 60))} min ${String(seconds % 60)} s`;
}
