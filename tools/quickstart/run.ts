import { readFileSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { parse } from "yaml";
import type { PbxSpec } from "../../core/spec/spec";
import { run } from "../../sandbox/command";
import { interruptible } from "../../sandbox/interruptible";
import { Installation } from "../operator/installation";
import {
  proveAudio,
  proveBehindRouter,
  proveCertificate,
  provePhoneAdded,
  proveRoaming,
  proveRegistrations,
  proveSecondUp,
  proveStrangerRefused,
  type Proof,
} from "./proofs";

const root = path.join(__dirname, "../..");
const name = "quickstart";
const started = Date.now();

function say(line: string): void {
  console.log(`[${String(Math.round((Date.now() - started) / 1000)).padStart(3)} s] ${line}`);
}

async function prepare(): Promise<Installation> {
  say("building the package");
  await run(["npm", "run", "--silent", "build"], { cwd: root, timeout: 300_000 });
  const spec = parse(readFileSync(path.join(__dirname, "spec.yaml"), "utf8")) as PbxSpec;
  const onOutput = (text: string) => void process.stdout.write(text);
  return Installation.open({ name, spec, progress: say, onOutput });
}

async function prove(pbx: Installation): Promise<Proof[]> {
  say("a Debian machine is up; from here on it is plain `pulumi up`");
  await pbx.stack.up();
  say("two phones register and call each other");
  const registrations = await proveRegistrations(pbx);
  await pbx.phones.get("reception")?.call("102");
  await pbx.phones.get("sales")?.waitEstablished(10_000);
  say("a stranger tries names, passwords and calls");
  const refused = await proveStrangerRefused(pbx);
  const second = await proveSecondUp(pbx);
  say("a phone is added while the call is up");
  const added = await provePhoneAdded(pbx);
  const audio = await proveAudio(pbx);
  say("a phone on the road calls and is called, and so is one behind a router");
  const road = [await proveRoaming(pbx), await proveBehindRouter(pbx), await proveCertificate(pbx)];
  return [registrations, audio, ...road, refused, second, added];
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

async function main(): Promise<void> {
  const options = new Command("npm run quickstart --")
    .description(
      "Boots a throw-away Debian machine, runs plain `pulumi up` against it, and shows that the PBX works and refuses strangers.",
    )
    .option("--remove", "remove the machine and everything that belongs to it")
    .parse()
    .opts<{ remove?: boolean }>();
  if (options.remove === true) {
    await Installation.remove(name);
    say("removed");
    return;
  }
  const pbx = await prepare();
  try {
    const proofs = await prove(pbx);
    report(proofs);
    process.exitCode = proofs.every(({ ok }) => ok) ? 0 : 1;
  } finally {
    await pbx.hangUp();
  }
}

interruptible(main, (sandbox) => Installation.remove(sandbox)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
