import { delimiter } from "node:path";

import { Command } from "commander";

import { cacheFolder } from "./cache";
import { ensureEngine, type Engine, EngineUnavailable } from "./engine";
import { elapsed } from "./progress";

const ORIGINS: Record<string, string> = {
  path: "on PATH",
  cache: "installed or built earlier",
  download: "official download, just now",
  built: "built from its Go module, just now",
  "stand-in": "STAND-IN of this project",
};

const command = new Command("npm run engine --")
  .description("Finds the Pulumi engine this project runs on, or gets one: official download, else built with Go.")
  .option("--env", 'print only `export` lines for a shell, to be used as: eval "$(npm run -s engine -- --env)"')
  .option("--no-download", "never use the official download (as HARDENED_ASTERISK_ENGINE_DOWNLOAD=off does)")
  .addHelpText("after", `\nWhat is downloaded or built is kept in ${cacheFolder()}.`)
  .action(async (options: { env?: boolean; download: boolean }) => {
    const start = Date.now();
    const progress = (line: string): void => {
      process.stderr.write(`${line}\n`);
    };
    const engine = await ensureEngine({ progress, ...(options.download ? {} : { download: false }) });
    process.stdout.write(options.env === true ? exports(engine) : report(engine, start));
  });

function report({ pulumi, languageHost, commandProvider }: Engine, start: number): string {
  const row = (what: string, origin: string, path: string): string =>
    `${what.padEnd(18)} ${(ORIGINS[origin] ?? origin).padEnd(34)} ${path}`;
  return [
    row(`pulumi ${pulumi.version}`, pulumi.origin, pulumi.path),
    row("language host", languageHost.origin, languageHost.path),
    row("command provider", commandProvider.origin, commandProvider.path),
    `ready after ${elapsed(start)}`,
    "",
  ].join("\n");
}

/** Each variable as a line a POSIX shell evaluates to exactly its value; PATH keeps what that shell has. */
function exports({ env, folders }: Engine): string {
  const quoted = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`;
  const path = `export PATH=${quoted(folders.join(delimiter))}${delimiter}"$PATH"\n`;
  const rest = Object.entries(env).filter(([name]) => name !== "PATH");
  return path + rest.map(([name, value]) => `export ${name}=${quoted(value)}\n`).join("");
}

command.parseAsync().catch((error: unknown) => {
  process.exitCode = 1;
  if (error instanceof EngineUnavailable) process.stderr.write(`${error.message}\n`);
  else throw error;
});
