import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { parse } from "yaml";
import type { PbxSpec } from "../../core/spec/spec";
import { run } from "../../sandbox/command";
import { downSandbox, listSandboxes, upSandbox } from "../../sandbox/sandbox";
import { ensureEngine } from "../engine/engine";
import { PbxStack } from "../operator/stack";
import {
  proveAudio,
  provePhoneAdded,
  proveRegistrations,
  proveSecondUp,
  proveStrangerRefused,
  type Proof,
  type Stage,
} from "./proofs";

const root = path.join(__dirname, "../..");
const name = "quickstart";
/** Beside the sandbox's own files, so that it goes away with the machine and is readable by root alone. */
const folder = "/run/hardened-asterisk-quickstart";
const started = Date.now();

function say(line: string): void {
  console.log(`[${String(Math.round((Date.now() - started) / 1000)).padStart(3)} s] ${line}`);
}

async function prepare(signal: AbortSignal): Promise<Stage> {
  say("building the package");
  await run(["npm", "run", "--silent", "build"], { cwd: root, timeout: 300_000 });
  const engine = await ensureEngine({ progress: say });
  await removeEarlier();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const sandbox = await upSandbox({ name, image: "packages", progress: say, signal });
  say("a Debian machine is up; from here on it is plain `pulumi up`");
  const spec = parse(readFileSync(path.join(__dirname, "spec.yaml"), "utf8")) as PbxSpec;
  const masterSecret = randomBytes(32).toString("hex");
  const stack = await PbxStack.open({
    engine,
    name,
    folder,
    target: sandbox.ssh,
    masterSecret,
    onOutput: (text) => process.stdout.write(text),
  });
  stack.setSpec(spec);
  return { sandbox, stack, spec, folder, phones: new Map() };
}

async function prove(stage: Stage): Promise<Proof[]> {
  await stage.stack.up();
  say("two phones register and call each other");
  const registrations = await proveRegistrations(stage);
  await stage.phones.get("reception")?.call("102");
  await stage.phones.get("sales")?.waitEstablished(10_000);
  say("a stranger tries names, passwords and calls");
  const refused = await proveStrangerRefused(stage);
  const second = await proveSecondUp(stage);
  say("a phone is added while the call is up");
  const added = await provePhoneAdded(stage);
  return [registrations, await proveAudio(stage), refused, second, added];
}

function report(proofs: readonly Proof[]): void {
  const width = Math.max(...proofs.map(({ claim }) => claim.length));
  console.log(`\nWhat this showed, on a real Debian host, in ${Math.round((Date.now() - started) / 1000)} s:\n`);
  for (const { claim, ok, seen } of proofs) console.log(`  ${ok ? "yes" : "NO "}  ${claim.padEnd(width)}  ${seen}`);
  console.log(`
Look around (the machine ends by itself after two hours):
  npm run sandbox -- shell ${name}                                      a root shell on the PBX
  npm run sandbox -- exec ${name} pbx -- hardened-asterisk status       what is active
  npm run sandbox -- exec ${name} pbx -- asterisk -rx 'pjsip show endpoints'
Remove it all:
  npm run quickstart -- --remove
`);
}

async function removeEarlier(): Promise<void> {
  if ((await listSandboxes()).some((sandbox) => sandbox.name === name)) await downSandbox(name);
  rmSync(folder, { recursive: true, force: true });
  rmSync(path.join(root, `Pulumi.${name}.yaml`), { force: true });
}

async function main(): Promise<void> {
  const options = new Command("npm run quickstart --")
    .description(
      "Boots a throw-away Debian machine, runs plain `pulumi up` against it, and shows that the PBX works and refuses strangers.",
    )
    .option("--remove", "remove the machine and everything that belongs to it")
    .parse()
    .opts<{ remove?: boolean }>();
  if (options.remove === true) {
    await removeEarlier();
    say("removed");
    return;
  }
  const interrupted = new AbortController();
  process.once("SIGINT", () => {
    interrupted.abort(new Error("interrupted"));
    void removeEarlier().finally(() => process.exit(130));
  });
  const stage = await prepare(interrupted.signal);
  try {
    const proofs = await prove(stage);
    report(proofs);
    process.exitCode = proofs.every(({ ok }) => ok) ? 0 : 1;
  } finally {
    await Promise.all([...stage.phones.values()].map((phone) => phone.stop()));
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
