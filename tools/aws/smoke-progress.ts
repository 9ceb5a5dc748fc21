import { appendFileSync } from "node:fs";

/** Milliseconds between two lines of progress. */
const pace = 15_000;
const ended = /\b(?:created|updated|deleted|replaced|refreshed)\b/;

/**
 * Takes the engine's output: all of it into a file, and on the screen now and then how far it is. `now` is the clock.
 * Returns what to hand the output to.
 */
export function progressOf(file: string, say: (line: string) => void, now: () => number = Date.now) {
  let done = 0;
  let rest = "";
  let told = now();
  return (text: string): void => {
    appendFileSync(file, text, { mode: 0o600 });
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    const finished = lines.filter((line) => ended.test(line));
    done += finished.length;
    const last = finished.at(-1) ?? lines.filter((line) => line.trim() !== "").at(-1);
    if (last === undefined || now() - told < pace) return;
    told = now();
    say(`     ${done} resources done; ${last.trim().replace(/\s+/g, " ").slice(0, 100)}`);
  };
}
