import { readFileSync } from "node:fs";
import path from "node:path";
import type { HostName } from "../../../sandbox/layout";
import { execOn, type Sandbox } from "../../../sandbox/sandbox";

/** What each attempt of `break-in.py` came to: `done`, or why not. */
export type Outcome = Readonly<Record<string, string>>;

/** The attempts that the twin's stock Asterisk lets through. */
export const attacks = [
  "write what Asterisk reads at its start",
  "run a shell",
  "run a program of its own",
  "map memory to write and run",
  "trace a process",
  "open a raw socket in a namespace of its own",
  "see the other processes",
  "leave a core with every password",
  "hand something on through shared memory",
  "open a kind of socket that no PBX needs",
];

// The attempts are written in Python: it is let run, and everything else of the unit stays as it is.
const changes = (python: string) => [
  "[Service]",
  "Type=oneshot",
  "ExecStart=",
  `ExecStart=${python} -I /run/break-in.py`,
  `ExecPaths=${python}`,
  "User=asterisk",
  "Group=asterisk",
  "RuntimeDirectory=",
  "Restart=no",
  "StandardOutput=file:/run/break-in.json",
];

/** Runs the attempts on a host as what Asterisk is there: its user, in the sandbox of its unit. Raises when they cannot be run. */
export async function breakIn(sandbox: Sandbox, host: HostName): Promise<Outcome> {
  const must = async (argv: readonly string[], input = "") => {
    const { code, stdout, stderr } = await execOn(sandbox, host, argv, { input });
    if (code !== 0) throw new Error(`${argv.join(" ")}: ${stdout}${stderr}`);
    return stdout;
  };
  const write = (file: string, text: string) => must(["sh", "-c", `cat > ${file}`], text);
  await write("/run/break-in.py", readFileSync(path.join(__dirname, "break-in.py"), "utf8"));
  const unit = await must(["systemctl", "cat", "asterisk.service"]);
  const python = (await must(["readlink", "-f", "/usr/bin/python3"])).trim();
  await write("/run/systemd/system/break-in.service", [unit, ...changes(python), ""].join("\n"));
  await must(["systemctl", "daemon-reload"]);
  await must(["systemctl", "start", "break-in.service"]);
  const said = await must(["cat", "/run/break-in.json"]);
  await must(["sh", "-c", "rm /run/break-in.* /run/systemd/system/break-in.service; systemctl daemon-reload"]);
  return JSON.parse(said) as Outcome;
}
