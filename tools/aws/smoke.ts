import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { Command } from "commander";

import { ensureEngine } from "../engine/engine";
import { ProgramStack } from "../operator/program-stack";
import { smokeSteps, type SmokeHost } from "./smoke-steps";

const minimal = path.join(__dirname, "../../stacks/aws-minimal");

const costs = `This makes a whole PBX of stacks/aws-minimal in your AWS account, replaces its machine once, and destroys it again.
It takes about an hour and costs, by the component's own estimate of a month divided by 730, some cents for that hour; on top
come one month of each KMS key (about 1 US$ each, though AWS bills by the hour) and whatever is left behind when it fails
half-way: look at the resources it names then. Estimates, not measured: nobody has run this against an account yet.`;

interface Options {
  readonly region: string;
  readonly folder: string;
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
    .option("--spend-money", "without it nothing is made, and this only says what it would cost")
    .parse()
    .opts<Options>();
  say(costs);
  if (options.spendMoney !== true) {
    say("\nNothing was made. Add --spend-money to go on.");
    process.exitCode = 2;
    return;
  }
  if (existsSync(options.folder)) throw new Error(`--folder: ${options.folder} exists; name one that does not`);
  await smoke(options);
}

async function smoke({ region, folder: given }: Options): Promise<void> {
  const folder = path.resolve(given);
  const passphrase = path.join(folder, "passphrase");
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(passphrase, randomBytes(16).toString("hex"), { mode: 0o600 });
  const stack = new ProgramStack({
    engine: await ensureEngine({ progress: say }),
    program: minimal,
    folder,
    name: "smoke",
    env: { PULUMI_CONFIG_PASSPHRASE_FILE: passphrase },
    onOutput: (text) => process.stdout.write(text),
  });
  await stack.init();
  await stack.configure({ "aws:region": region }, { masterSecret: randomBytes(32).toString("hex") });
  const host: SmokeHost = { stack, isOpen };
  let failed = 0;
  for (const { name, run } of smokeSteps) {
    say(`\n== ${name}`);
    try {
      await run(host);
      say(`ok   ${name}`);
    } catch (error) {
      failed += 1;
      say(`FAIL ${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  say(`\n${smokeSteps.length - failed} passed, ${failed} failed.`);
  if (failed > 0) say(`What may be left: ${leftovers(folder)}`);
  process.exitCode = failed === 0 ? 0 : 1;
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
