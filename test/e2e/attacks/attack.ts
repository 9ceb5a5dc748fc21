import type { VariantName } from "../../../sandbox/twin";
import type { Target } from "./target";

/** What one run of an attack against one target came to. */
export interface Outcome {
  /** The figure the attack measures, in the unit of {@link Attack.measures}. */
  readonly figure: number;
  /** Whether the attack got what it wanted. */
  readonly broken: boolean;
  /** What else was seen, for a reader. */
  readonly note?: string;
}

/** An attempt to break in, run in the same way against the unhardened twin and the hardened host. */
export interface Attack {
  /** In the field's words; also the name of its file. */
  readonly name: string;
  /** What is tried, in one sentence. */
  readonly what: string;
  /** What {@link Outcome.figure} counts, such as "guesses answered". */
  readonly measures: string;
  /** What must hold on the hardened host, such as "≤ 3". */
  readonly goal: string;
  /** The weak variants of the twin that it breaks; empty when none loses to it, which makes it a check of conformance. */
  readonly weak: readonly VariantName[];
  /** Whether `npm test` runs it; `npm run test:long` runs all. Default: no. */
  readonly sample?: boolean;
  /** Whether it is run again with the phones on the road over UDP, where strangers find another door. Default: no. */
  readonly bothRoads?: boolean;
  /** Whether it spends minutes waiting: `npm run bench:attacks` then runs it once, against all targets at the same time, each on a host of its own. Default: no. */
  readonly patient?: boolean;
  /** Why the hardened host does not hold yet. Such an attack is left out of the sample, and said to be. */
  readonly unmet?: string;
  /** Runs it. `full` asks for the whole number of tries, otherwise a few seconds' worth. */
  readonly run: (target: Target, full: boolean) => Promise<Outcome>;
}

/** An outcome that is broken when the figure is above `atMost`. */
export function above(atMost: number, figure: number, note?: string): Outcome {
  return { figure, broken: figure > atMost, ...(note === undefined ? {} : { note }) };
}
