import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { cacheOf } from "../../sandbox/image/recipe";
import type { RunBout } from "./attack-table";

/** The bouts of one commit that are done, a file each beside the images: a run can be resumed, and several may go on at once. */
export class AttackLedger {
  readonly #folder: string;
  readonly #mine = new Set<string>();

  /** With `resume`, what earlier runs have done counts as done. */
  constructor(
    commit: string,
    private readonly resume: boolean,
  ) {
    this.#folder = path.join(cacheOf("images"), `../attacks-${commit}`);
    mkdirSync(this.#folder, { recursive: true });
  }

  /** Whether a bout need not be run any more. */
  has(run: number, attack: string, target: string): boolean {
    const name = fileName({ run, attack, target });
    return this.resume ? existsSync(path.join(this.#folder, name)) : this.#mine.has(name);
  }

  /** Keeps a bout, in place of an earlier one. */
  add(bout: RunBout): void {
    this.#mine.add(fileName(bout));
    const file = path.join(this.#folder, fileName(bout));
    // Whole or not at all: the process may be killed here.
    writeFileSync(`${file}.new`, JSON.stringify(bout, undefined, 1));
    renameSync(`${file}.new`, file);
  }

  /** All bouts of one attack, whoever ran them. */
  boutsOf(attack: string): RunBout[] {
    return readdirSync(this.#folder)
      .filter((name) => name.endsWith(".json"))
      .map((name) => JSON.parse(readFileSync(path.join(this.#folder, name), "utf8")) as RunBout)
      .filter((bout) => bout.attack === attack);
  }
}

function fileName({ run, attack, target }: { run: number; attack: string; target: string }): string {
  return `${attack}-${target}-${run}.json`;
}
