import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { Command } from "commander";

import { packageIssues } from "../../components/asterisk-package";
import { HostOs, platformOf } from "../../core/platform/platforms";
import { sha256 } from "../../core/sha256";
import { ensureEngine } from "../engine/engine";
import { ProgramStack } from "../operator/program-stack";
import { progressOf } from "./smoke-progress";
import { runSmoke, summaryOf } from "./smoke-run";
import { smokeSteps } from "./smoke-steps";

const minimal = path.join(__dirname, "../../stacks/aws-minimal");

const costs = `This makes a whole PBX of stacks/aws-minimal in your AWS account, replaces its machine once, and destroys it again.
It takes about an hour and costs, by the component's own estimate of a month divided by 730, some cents for that hour; on top
come one month of each KMS key (about 1 US$ each, though AWS bills by the hour) and whatever is left behind when it fails
half-way: look at the resources it names then. Estimates, not measured: nobody has run this against an account yet.`;

interface Options {
  readonly region: string;
  readonly folder: string;
  readonly asteriskPackage?: string;
  readonly spendMoney?: boolean;
}

const say = (line: string) => {
  console.log(line);
};

async function main(): Promise<void> {
  const options = new Command("npm run smoke:aws --")
    .description("Proves stacks/aws-minimal on a real AWS account, with the credentials in your environment.")
    .requiredOption("--region <region>", "where, for example eu-central-1")
    .requiredOption("--folder <folder>", "for the state, outside this clone; keep it until everything is destroyed")
    .option("--asterisk-package <file>", "Asterisk for Debian 13: what `npm run build:asterisk` made")
    .option("--spend-money", "without it nothing is made, and this only says what it does and costs")
    .parse()
    .opts<Options>();
  say(costs);
  say(`\nSteps:\n${smokeSteps.map(({ name }, index) => `  ${index + 1}  ${name}`).join("\n")}`);
  if (options.spendMoney !== true) {
    say("\nNothing was made. Add --spend-money to go on.");
    process.exitCode = 2;
    return;
  }
  if (existsSync(options.folder)) throw new Error(`--folder: ${options.folder} exists; name one that does not`);
  await smoke(options, packageOf(options.asteriskPackage));
}

/** Path and sha256 of the package, as the stack's configuration takes them. */
function packageOf(file: string | undefined): { path: string; sha256: string } {
  if (file === undefined || !existsSync(file))
    throw new Error(
      `--asterisk-package: ${file === undefined ? "is missing" : `there is no ${file}`}; make it with \`npm run build:asterisk\` and give the file that it prints`,
    );
  const found = { path: path.resolve(file), sha256: sha256(readFileSync(file)) };
  const [issue] = packageIssues(platformOf(HostOs.Debian13).os, found);
  if (issue !== undefined) throw new Error(`--asterisk-package: ${issue.message}`);
  return found;
}

async function smoke({ region, folder: given }: Options, asterisk: { path: string; sha256: string }): Promise<void> {
  const folder = path.resolve(given);
  const passphrase = path.join(folder, "passphrase");
  const log = path.join(folder, "engine.log");
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(passphrase, randomBytes(16).toString("hex"), { mode: 0o600 });
  const stack = new ProgramStack({
    engine: await ensureEngine({ progress: say }),
    program: minimal,
    folder,
    name: "smoke",
    env: { PULUMI_CONFIG_PASSPHRASE_FILE: passphrase },
    onOutput: progressOf(log, say),
  });
  await stack.init();
  const settings = {
    "aws:region": region,
    "asteriskPackage.path": asterisk.path,
    "asteriskPackage.sha256": asterisk.sha256,
  };
  await stack.configure(settings, { masterSecret: randomBytes(32).toString("hex") });
  say(`\nAll that the engine says goes to ${log}.`);
  const results = await runSmoke(smokeSteps, { stack, isOpen }, say);
  say(`\n${summaryOf(results)}`);
  const whole = results.every(({ outcome }) => outcome === "passed");
  if (!whole) say(`\nIf something is left in the account, this destroys it:\n  ${leftovers(folder)}`);
  process.exitCode = whole ? 0 : 1;
}

/** How to destroy by hand what a failed run has left. */
function leftovers(folder: string): string {
  const variables = `PULUMI_BACKEND_URL=file://${folder}/state PULUMI_CONFIG_PASSPHRASE_FILE=${folder}/passphrase`;
  return `cd ${folder}/program && ${variables} pulumi destroy --stack smoke`;
}

/** Whether a TCP connection to the host is accepted within 5 s. */
function isOpen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 5_000 });
    const end = (open: boolean) => () => {
      socket.destroy();
      resolve(open);
    };
    socket.once("connect", end(true)).once("error", end(false)).once("timeout", end(false));
  });
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
