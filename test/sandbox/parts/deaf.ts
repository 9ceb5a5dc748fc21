import { spawn } from "node:child_process";
import { interruptible } from "../../../sandbox/interruptible";
import { enterInLedger } from "../../../sandbox/ledger";
import { downSandbox, upSandbox } from "../../../sandbox/sandbox";

// A program that works for minutes and takes no signal: `deaf.ts NAME [stuck]`. With `stuck` the sandbox is only a name, and its removal does not end.
const [, , name = "", stuck] = process.argv;

async function work(): Promise<void> {
  if (stuck === undefined) await upSandbox({ name });
  else enterInLedger(name);
  const child = spawn("sleep", ["1000"], { stdio: "ignore" });
  process.stdout.write(`worker ${String(process.pid)} child ${String(child.pid)} begun\n`);
  for (const end = Date.now() + 200_000; Date.now() < end;);
}

void interruptible(
  work,
  stuck === undefined ? downSandbox : () => new Promise(() => setInterval(() => undefined, 1000)),
);
