import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Command } from "commander";
import { tryRun } from "../../sandbox/command";
import { ensureImages } from "../../sandbox/image/image";
import { interruptible } from "../../sandbox/interruptible";
import { leftoversInLedger, withLedger } from "../../sandbox/ledger";
import { requireSandbox } from "../../sandbox/requirements";
import { faultSection } from "../bench/faults";
import { writeSection } from "../bench/report";
import { ensureEngine } from "../engine/engine";
import { Installation } from "../operator/installation";
import { jestCounts, total, unittestCounts, type Counts, type JestReport } from "./counts";

const root = path.join(__dirname, "../..");
const echo = (text: string) => void process.stdout.write(text);

/** One part of the test run. */
interface Suite {
  readonly name: string;
  /** Why this machine cannot run it, or undefined when it can. */
  readonly missing?: () => string | undefined;
  /** True when it needs neither engine nor image. */
  readonly quick?: boolean;
  readonly run: () => Promise<Counts>;
}

const needsRoot = () =>
  process.platform === "linux" && process.getuid?.() === 0
    ? undefined
    : "it boots real hosts in network namespaces, which needs Linux and root";

/** What a suite of jest's is run with. */
interface JestOptions {
  readonly missing?: () => string | undefined;
  /** Patterns of the files wanted. Default: all. */
  readonly files?: readonly string[];
  /** Patterns of the files left out. Default: none. */
  readonly except?: readonly string[];
  /** Files run at one time. Default: 1. */
  readonly workers?: number;
  /** Variables of the environment. Default: none of its own. */
  readonly env?: NodeJS.ProcessEnv;
  /** Hours after which it is given up. Default: 1. */
  readonly hours?: number;
}

/** Tests of a host that measure: nothing else may run beside them. */
const measuring = ["e2e/pbx", "e2e/attacks", "e2e/firewall/roaming"];

function jest(name: string, projects: readonly string[], options: JestOptions = {}): Suite {
  const run = async () => {
    const { files = [], except = [], workers = 1, hours = 1, env = {} } = options;
    const folder = mkdtempSync(path.join(tmpdir(), "hardened-asterisk-test-"));
    const report = path.join(folder, "report.json");
    const argv = ["npx", "jest", "--json", "--outputFile", report, "--selectProjects", ...projects];
    const pace = workers === 1 ? ["--runInBand"] : ["--maxWorkers", String(workers)];
    const chosen = [
      ...files.map((file) => `--testPathPatterns=${file}`),
      ...except.map((file) => `--testPathIgnorePatterns=${file}`),
    ];
    try {
      await tryRun([...argv, ...pace, ...chosen], {
        cwd: root,
        env: { ...process.env, ...env },
        timeout: hours * 3_600_000,
        onOutput: echoErrors,
      });
      return jestCounts(JSON.parse(readFileSync(report, "utf8")) as JestReport);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  return { name, run, ...(options.missing === undefined ? {} : { missing: options.missing }) };
}

// With --json jest prints its report on standard output too; only what people read passes.
const echoErrors = (text: string) => {
  if (!text.startsWith('{"')) echo(text);
};

const python: Suite = {
  name: "host",
  quick: true,
  run: async () => {
    const result = await tryRun(["python3", "-m", "unittest", "discover", "-s", "host/tests"], {
      cwd: root,
      timeout: 300_000,
      onOutput: echo,
    });
    return unittestCounts(result.stderr, result.code);
  },
};

/** The engine does not check the types of the program on each `up`; in the suite that runs alone it does, as a person's. */
const untyped = { PULUMI_NODEJS_TRANSPILE_ONLY: "true" };

const suites: readonly Suite[] = [
  {
    ...jest("unit, golden, components, schema", ["unit", "golden", "components", "schema"], { workers: 2 }),
    quick: true,
  },
  python,
  jest("engine", ["engine"], { workers: 2 }),
  jest("sandbox, load", ["sandbox", "load"], { missing: needsRoot, workers: 2 }),
  jest("e2e, two at a time", ["e2e"], { missing: needsRoot, except: measuring, workers: 2, env: untyped }),
  jest("e2e, alone", ["e2e"], { missing: needsRoot, files: measuring }),
];

const longSuites: readonly Suite[] = [
  jest("long", ["long"], { missing: needsRoot, hours: 12 }),
  jest("load on Debian 13", ["load"], { missing: needsRoot, env: { LOAD_RELEASE: "debian-13" } }),
  jest("faults of npm test", ["e2e"], { missing: needsRoot, files: ["e2e/faults"] }),
];

async function runSuite(suite: Suite): Promise<Counts> {
  const reason = suite.missing?.();
  if (reason !== undefined) {
    echo(`\n== ${suite.name}: left out, ${reason}\n`);
    return { passed: 0, failed: 0, skipped: 1 };
  }
  echo(`\n== ${suite.name}\n`);
  const started = Date.now();
  const counts = await suite.run();
  echo(
    `== ${suite.name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped in ${Math.round((Date.now() - started) / 1000)} s\n`,
  );
  return counts;
}

/** What this run's sandboxes left on the machine, whoever ended them; others may be running beside. */
function leakCheck(ledger: string): Counts {
  const left = leftoversInLedger(ledger);
  for (const line of left) echo(`left behind: ${line}\n`);
  echo(`\n== leak count: ${left.length}\n`);
  return left.length === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/**
 * Starts what takes minutes on a new machine, the engine and the image, while the quick suites run. A failure is not told
 * here: the suite that needs the piece tells it.
 */
function prepare(): Promise<unknown> {
  const say = (line: string) => {
    echo(`   ${line}\n`);
  };
  const images =
    needsRoot() === undefined
      ? requireSandbox(say).then(() => ensureImages(["bare", "packages", "packages13", "packages16"], say))
      : Promise.resolve();
  return Promise.allSettled([ensureEngine({ progress: say }), images]);
}

async function main(): Promise<void> {
  const options = new Command("npm test --")
    .description("Runs every test this machine can run and prints what it left out and why.")
    .option("--long", "the full fault matrices instead")
    .option("--only <name>", "only the suites whose name contains this")
    .parse()
    .opts<{ long?: boolean; only?: string }>();
  const folder = mkdtempSync(path.join(tmpdir(), "hardened-asterisk-run-"));
  const ledger = path.join(folder, "sandboxes");
  Object.assign(process.env, withLedger(ledger));
  const wanted = (options.long === true ? longSuites : suites).filter(({ name }) => name.includes(options.only ?? ""));
  const counts: Counts[] = [];
  const prepared = prepare();
  for (const suite of wanted) {
    if (suite.quick !== true) await prepared;
    counts.push(await runSuite(suite));
  }
  counts.push(leakCheck(ledger));
  rmSync(folder, { recursive: true, force: true });
  const faults = options.long === true ? faultSection() : undefined;
  if (faults !== undefined) await writeSection("Faults during an activation", faults);
  const { passed, failed, skipped } = total(counts);
  echo(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

void interruptible(main, (sandbox) => Installation.remove(sandbox));
