import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { format } from "prettier";
import { run } from "../../sandbox/command";
import { interruptible } from "../../sandbox/interruptible";
import { Arena, type Bout } from "../../test/e2e/attacks/arena";
import type { Attack } from "../../test/e2e/attacks/attack";
import { attacks } from "../../test/e2e/attacks/catalogue";
import type { Road } from "../../test/e2e/attacks/target";
import { Installation } from "../operator/installation";
import { AttackLedger } from "./attack-ledger";
import { attackRow, mergeRows } from "./attack-table";

const page = path.join(__dirname, "../../docs/attacks.md");
const opening = `# Attacks

Written by \`npm run bench:attacks\`. Each attack is run in the same way against weak variants of an unhardened twin
(\`sandbox/twin.ts\`), where it must succeed, and against the hardened host, whose customer must be able to call afterwards. The
hardened host here has listed networks, phones on the road over TLS, and one carrier by address; those attacks for which it matters are
run again with the phones on the road over UDP, by a waiver. Medians of the runs, and their range where they differ; one run where an attack
takes minutes. All on one machine, in network namespaces, with 0.1 ms between attacker and PBX: rates are upper bounds.
`;

/** More addresses than any attack takes from the attacker's 500. */
const addressesOfOne = 100;

const started = Date.now();
const say = (line: string) => {
  console.log(`[${Math.round((Date.now() - started) / 1000)} s] ${line}`);
};

interface Options {
  readonly only?: readonly string[];
  readonly resume: boolean;
  readonly runs: number;
  readonly roads: readonly Road[];
  readonly name: string;
}

/** One bout that is still to be run. */
interface Round {
  readonly run: number;
  readonly attack: Attack;
  readonly target: Bout["target"];
  readonly fight: (arena: Arena) => Promise<Bout>;
}

/** The bouts of one attack in one run, the weak variants first. */
function roundsOf(attack: Attack, number: number, road: Road): Round[] {
  if (attack.patient === true && number > 1) return [];
  const one = { run: number, attack };
  if (road === "udp" && attack.bothRoads !== true) return [];
  if (road === "udp")
    return [{ ...one, target: "hardened-udp", fight: (arena) => arena.hardened(attack, true, "udp") }];
  return [
    ...attack.weak.map((target): Round => ({ ...one, target, fight: (arena) => arena.twin(attack, target, true) })),
    { ...one, target: "hardened", fight: (arena) => arena.hardened(attack, true, "tls") },
  ];
}

/** Everything there is to do, in lists whose bouts are run at the same time: one at a time but for those that only wait. */
function plan(chosen: readonly Attack[], { runs, roads }: Options, ledger: AttackLedger): Round[][] {
  const numbers = Array.from({ length: runs }, (_, index) => index + 1);
  return roads
    .flatMap((road) => numbers.flatMap((number) => chosen.map((attack) => roundsOf(attack, number, road))))
    .map((rounds) => rounds.filter(({ run: number, attack, target }) => !ledger.has(number, attack.name, target)))
    .flatMap((rounds) => (rounds[0]?.attack.patient === true ? [rounds] : rounds.map((round) => [round])));
}

/** Runs the bouts, in an arena that is opened anew when the attacker's addresses are used up; returns what went wrong. */
async function fightAll(todo: readonly Round[][], ledger: AttackLedger, { name }: Options): Promise<string[]> {
  const chosen = [...new Set(todo.flat().map(({ attack }) => attack))];
  const problems: string[] = [];
  let arena: Arena | undefined;
  const fight = async (round: Round, where: Arena) => {
    say(`run ${round.run}: ${round.attack.name} against ${round.target}`);
    try {
      ledger.add({ ...(await round.fight(where)), run: round.run });
    } catch (error) {
      problems.push(`run ${round.run}, ${round.attack.name} against ${round.target}: ${String(error)}`);
      say(problems.at(-1) ?? "");
    }
  };
  try {
    for (const rounds of todo) {
      if (arena !== undefined && arena.addressesLeft < addressesOfOne) {
        await Arena.remove(name, arena);
        arena = undefined;
      }
      const where = (arena ??= await Arena.open(name, chosen, say));
      await Promise.all(rounds.map((round) => fight(round, where)));
    }
  } finally {
    await Arena.remove(name, arena);
  }
  return problems;
}

async function report(done: readonly Attack[], ledger: AttackLedger, commit: string): Promise<void> {
  const rows = new Map(done.map((attack) => [attack.name, attackRow(attack, ledger.boutsOf(attack.name), commit)]));
  const old = existsSync(page) ? readFileSync(page, "utf8") : "";
  const names = attacks.map(({ name }) => name);
  const tried = attacks.map(({ name, what }) => `- **${name}**: ${what}.`).join("\n");
  const text = [opening, mergeRows(old, names, rows), "\n## What is tried\n", tried, ""].join("\n");
  writeFileSync(page, await format(text, { parser: "markdown", printWidth: 120 }));
}

function wholeNumber(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError("take a whole number above 0");
}

function readOptions(): Options {
  return new Command("npm run bench:attacks --")
    .description("Runs every attack in full against the twin and the hardened host, and writes docs/attacks.md.")
    .option("--only <names...>", "attacks whose name contains one of these words")
    .option("--resume", "go on with what is left of this commit's runs", false)
    .option("--runs <count>", "how often each is run", wholeNumber, 3)
    .addOption(
      new Option("--roads <roads...>", "how phones on the road come").choices(["tls", "udp"]).default(["tls", "udp"]),
    )
    .option("--name <name>", "the arena's name, so that two may stand at once", "benchattacks")
    .parse()
    .opts<Options>();
}

async function main(): Promise<void> {
  const options = readOptions();
  const chosen = attacks.filter(({ name }) => options.only?.some((word) => name.includes(word)) ?? true);
  if (chosen.length === 0)
    throw new Error(`no attack has such a name; there are ${attacks.map((a) => a.name).join(", ")}`);
  const commit = (await run(["git", "rev-parse", "--short", "HEAD"])).trim();
  const ledger = new AttackLedger(commit, options.resume);
  try {
    const problems = await fightAll(plan(chosen, options, ledger), ledger, options);
    if (problems.length > 0) throw new Error(`not run to the end; --resume tries again:\n${problems.join("\n")}`);
  } finally {
    // Also what a run has done that did not get to its end is told.
    const complete = (attack: Attack) =>
      attack.weak.every((variant) => ledger.boutsOf(attack.name).some(({ target }) => target === variant)) &&
      ledger.boutsOf(attack.name).some(({ target }) => target === "hardened");
    await report(chosen.filter(complete), ledger, commit);
  }
}

interruptible(main, (sandbox) => Installation.remove(sandbox)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
