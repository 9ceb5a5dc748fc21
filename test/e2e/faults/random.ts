import { randomInt } from "node:crypto";

/** The seed of this run: `FAULT_SEED`, or a fresh one. Raises an `Error` when `FAULT_SEED` is not a whole number. */
export function faultSeed(): number {
  const given = process.env.FAULT_SEED;
  if (given === undefined) return randomInt(2 ** 31);
  if (!/^\d{1,10}$/.test(given)) throw new Error(`FAULT_SEED must be a whole number, not "${given}"`);
  return Number(given);
}

/** Numbers from 0 up to 1, the same ones for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
