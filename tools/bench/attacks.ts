import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { format } from "prettier";
import { run } from "../../sandbox/command";
import { imageCache } from "../../sandbox/image/image";
import { Arena } from "../../test/e2e/attacks/arena";
import type { Attack } from "../../test/e2e/attacks/attack";
import { attacks } from "../../test/e2e/attacks/catalogue";
import { attackRow, mergeRows, type RunBout } from "./attack-table";

const page = path.join(__dirname, "../../docs/attacks.md");
const opening = `# Attacks

Written by \`npm run bench:attacks\`. Each attack is run in the same way against weak variants of an unhardened twin
(\`sandbox/twin.ts\`), where it must succeed, and against the hardened host, whose customer must be able to call afterwards. The
hardened host here has listed networks, one roaming phone over TLS, and one carrier by address. Medians of the runs, and their range
where they differ. All on one machine, in network namespaces, with 0.1 ms between attacker and PBX: rates are upper bounds.
`;

const started = Date.now();
const say = (line: string) => {
  console.log(`[${Math.round((Date.now() - started) / 1000)} s] ${line}`);
};

/** The bouts of this commit that are done, kept beside the images so that a run can be resumed. */
class Ledger {
  readonly bouts: RunBout[];

  constructor(
    private readonly file: string,
    resume: boolean,
  ) {
    this.bouts = resume && existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as RunBout[]) : [];
  }

  has(run: number, attack: string, target: string): boolean {
    return this.bouts.some((bout) => bout.run === run && bout.attack === attack && bout.target === target);
  }

  add(bout: RunBout): void {
    this.bouts.push(bout);
    mkdirSync(path.dirname(this.file), { recursive: true });
    writeFileSync(this.file, JSON.stringify(this.bouts, undefined, 1));
  }
}

/** What is still to do of one run, the weak variants first. */
async function fight(arena: Arena, attack: Attack, run: number, ledger: Ledger): Promise<void> {
  for (const variant of attack.weak)
    if (!ledger.has(run, attack.name, variant)) ledger.add({ ...(await arena.twin(attack, variant, true)), run });
  if (!ledger.has(run, attack.name, "hardened")) ledger.add({ ...(await arena.hardened(attack, true)), run });
}

async function report(done: readonly Attack[], ledger: Ledger, commit: string): Promise<void> {
  if (done.length === 0) return;
  const rows = new Map(
    done.map((attack) => {
      const own = ledger.bouts.filter((bout) => bout.attack === attack.name);
      return [attack.name, attackRow(attack, own, commit)] as const;
    }),
  );
  const old = existsSync(page) ? readFileSync(page, "utf8") : "";
  const tableText = mergeRows(
    old,
    attacks.map(({ name }) => name),
    rows,
  );
  const tried = attacks.map(({ name, what }) => `- **${name}**: ${what}.`).join("\n");
  const text = [opening, tableText, "\n## What is tried\n", tried, ""].join("\n");
  writeFileSync(page, await format(text, { parser: "markdown", printWidth: 120 }));
}

function wholeNumber(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError("take a whole number above 0");
}

async function main(): Promise<void> {
  const options = new Command("npm run bench:attacks --")
    .description("Runs every attack in full against the twin and the hardened host, and writes docs/attacks.md.")
    .option("--only <names...>", "attacks whose name contains one of these words")
    .option("--resume", "go on with what this commit's last run has left", false)
    .option("--runs <count>", "how often each is run", wholeNumber, 3)
    .parse()
    .opts<{ only?: string[]; resume: boolean; runs: number }>();
  const chosen = attacks.filter(({ name }) => options.only?.some((word) => name.includes(word)) ?? true);
  if (chosen.length === 0)
    throw new Error(`no attack has such a name; there are ${attacks.map((a) => a.name).join(", ")}`);
  const commit = (await run(["git", "rev-parse", "--short", "HEAD"])).trim();
  const ledger = new Ledger(path.join(imageCache(), `../attacks-${commit}.json`), options.resume);
  const name = "benchattacks";
  let arena: Arena | undefined;
  try {
    arena = await Arena.open(name, chosen, say);
    for (let index = 1; index <= options.runs; index++) {
      for (const attack of chosen) {
        say(`run ${index} of ${options.runs}: ${attack.name}`);
        await fight(arena, attack, index, ledger);
      }
    }
  } finally {
    // Also what an interrupted run has done is told; `--resume` does the rest.
    await report(
      chosen.filter((attack) => ledger.has(1, attack.name, "hardened")),
      ledger,
      commit,
    );
    await Arena.remove(name, arena);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
