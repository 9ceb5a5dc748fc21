import path from "node:path";
import { tryRun } from "../sandbox/command";
import { ensureRuff } from "./ruff";

const root = path.join(__dirname, "..");

/** Everything that can be judged without a host, in under a minute. */
const steps: readonly (readonly [name: string, argv: () => Promise<readonly string[]>])[] = [
  ["format", () => Promise.resolve(["npx", "prettier", "--check", "."])],
  // The programs in stacks/ import the package by its name, so by what was built last.
  ["build", () => Promise.resolve(["node", "tools/build.mjs"])],
  ["types", () => Promise.resolve(["npx", "tsc", "--noEmit", "-p", "."])],
  ["lint", () => Promise.resolve(["npx", "eslint", ".", "--max-warnings", "0"])],
  ["host: format", async () => [await ensureRuff(), "format", "--check", "host"]],
  ["host: lint", async () => [await ensureRuff(), "check", "host"]],
  ["unit, golden and schema", () => Promise.resolve(["npx", "jest", "--selectProjects", "unit", "golden", "schema"])],
  ["docs", () => Promise.resolve(["npx", "tsx", "tools/gen/docs.ts", "--check"])],
];

async function main(): Promise<void> {
  for (const [name, argv] of steps) {
    const started = Date.now();
    const result = await tryRun(await argv(), { cwd: root, timeout: 300_000 });
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    console.log(`${result.code === 0 ? "ok  " : "FAIL"} ${name} (${seconds} s)`);
    if (result.code !== 0) {
      console.log(result.stdout + result.stderr);
      process.exitCode = 1;
    }
  }
}

void main();
