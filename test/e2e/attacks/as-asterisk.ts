import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execOn } from "../../../sandbox/sandbox";
import type { Target } from "./target";

const folder = "/run/post-compromise";

// The attempts are written in Python: it is let run, and everything else of the unit stays as it is.
const changes = (python: string, script: string, args: readonly string[]) => [
  "[Service]",
  "Type=oneshot",
  "ExecStart=",
  `ExecStart=${python} -I ${folder}/${script} ${args.join(" ")}`,
  `ExecPaths=${python}`,
  "User=asterisk",
  "Group=asterisk",
  "RuntimeDirectory=",
  "Restart=no",
  "TimeoutStartSec=60",
  `StandardOutput=file:${folder}/said`,
];

/**
 * Runs one of `tools/` on the attacked host as what Asterisk is there: its user, in a copy of its unit. Returns what it
 * printed; raises when it cannot be run.
 */
export async function asAsterisk<T>({ sandbox, host }: Target, script: string, args: readonly string[]): Promise<T> {
  const must = async (argv: readonly string[], input = "") => {
    const { code, stdout, stderr } = await execOn(sandbox, host, argv, { input });
    if (code !== 0) throw new Error(`${argv.join(" ")}: ${stdout}${stderr}`);
    return stdout;
  };
  const write = (file: string, text: string) => must(["sh", "-c", `cat > ${file}`], text);
  await must(["mkdir", "-p", folder]);
  try {
    await write(`${folder}/${script}`, readFileSync(join(__dirname, "tools", script), "utf8"));
    const unit = await must(["systemctl", "cat", "asterisk.service"]);
    const python = (await must(["readlink", "-f", "/usr/bin/python3"])).trim();
    await write("/run/systemd/system/post-compromise.service", [unit, ...changes(python, script, args), ""].join("\n"));
    await must(["systemctl", "daemon-reload"]);
    await must(["systemctl", "start", "post-compromise.service"]);
    return JSON.parse(await must(["cat", `${folder}/said`])) as T;
  } finally {
    await must(["rm", "-rf", folder, "/run/systemd/system/post-compromise.service"]);
    await must(["systemctl", "daemon-reload"]);
  }
}
