import { readFileSync } from "node:fs";
import path from "node:path";

import { run } from "../sandbox/command";
import { cached, digest } from "./engine/cache";
import type { Progress } from "./engine/progress";

/**
 * The Python of an environment with exactly the packages of a requirements file, every one pinned by version and digest;
 * made once in the user's cache. Modules are run by it (`python -m …`): the environment's own commands do not work.
 *
 * @throws CommandError when Python cannot make environments or a package cannot be had.
 */
export async function pythonWith(requirements: string, progress: Progress = () => undefined): Promise<string> {
  const interpreter = await run(["python3", "-c", "import sys; print(sys.version, sys.executable)"]);
  const name = path.basename(requirements, ".txt");
  const folder = await cached(
    `python-${digest(name, readFileSync(requirements), interpreter)}`,
    async (scratch) => {
      progress(`installing ${name} from PyPI, once`);
      await run(["python3", "-m", "venv", scratch], { timeout: 120_000 });
      const pip = [path.join(scratch, "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
      // The file names every package: pip adds none of its own.
      const exact = ["--require-hashes", "--only-binary=:all:", "--no-deps"];
      await run([...pip, ...exact, "-r", requirements], { timeout: 900_000 });
    },
    progress,
  );
  return path.join(folder, "bin/python");
}
