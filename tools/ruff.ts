import { existsSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { run } from "../sandbox/command";

const version = "0.17.6";

/** Path of the ruff this project is checked with; installed once into the user's cache folder from PyPI. */
export async function ensureRuff(): Promise<string> {
  const cache = process.env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache");
  const folder = path.join(cache, "hardened-asterisk", `ruff-${version}`);
  const ruff = path.join(folder, "bin/ruff");
  if (!existsSync(ruff)) {
    await run(["python3", "-m", "venv", folder], { timeout: 120_000 });
    await run([path.join(folder, "bin/pip"), "install", "-q", `ruff==${version}`], { timeout: 300_000 });
  }
  return ruff;
}
