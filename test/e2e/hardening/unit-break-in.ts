import { readFileSync } from "node:fs";
import path from "node:path";
import { execOn, type Sandbox } from "../../../sandbox/sandbox";
import type { Outcome } from "./break-in";

/** A unit that is broken into. */
export interface Target {
  /** Its name on the host or, with `golden`, the name it would have there. */
  readonly unit: string;
  /** Path of a unit file of a golden scenario, for one that this host does not have. */
  readonly golden?: string;
  /** Attempts that are no break-in: the rights which the unit needs for its work. */
  readonly may?: readonly RegExp[];
  /** What it must be able to do, or its sandbox was not that of the unit. */
  readonly must?: readonly string[];
}

const script = "/run/unit-break-in.py";
const answer = "/run/unit-break-in.json";

// The attempts are written in Python: it is let run, and everything else of the unit stays as it is.
const changes = (python: string) => [
  "[Unit]",
  "OnSuccess=",
  "[Service]",
  "LoadCredential=",
  "Type=oneshot",
  "Restart=no",
  ...["ExecStartPre", "ExecStart", "ExecStartPost", "ExecStop", "ExecReload"].map((key) => `${key}=`),
  `ExecStart=${python} -I ${script}`,
  `ExecPaths=${python} /usr/lib`,
  // It would be removed when this copy of the unit ends.
  "RuntimeDirectory=",
  "StandardInput=null",
  `StandardOutput=truncate:${answer}`,
  "StandardError=journal",
  "TimeoutStartSec=120",
];

/** Runs the attempts of `unit-break-in.py` as what a unit is: its user, its sandbox. Raises an `Error` when they cannot be run. */
export async function breakInto(sandbox: Sandbox, { unit, golden }: Target): Promise<Outcome> {
  const must = async (argv: readonly string[], input = "") => {
    const { code, stdout, stderr } = await execOn(sandbox, "pbx", argv, { input });
    if (code !== 0) throw new Error(`${argv.join(" ")}: ${stdout}${stderr}`);
    return stdout;
  };
  const write = (file: string, text: string) => must(["sh", "-c", 'cat > "$1"', "-", file], text);
  const text =
    golden === undefined
      ? await must(["systemctl", "cat", unit])
      : readFileSync(path.join(__dirname, "../../golden", golden), "utf8");
  const python = (await must(["readlink", "-f", "/usr/bin/python3"])).trim();
  const attempts = readFileSync(path.join(__dirname, "unit-break-in.py"), "utf8");
  // Within a /run of the unit's own there is no script: it is brought in, as it would have been.
  const within = ["[Service]", `BindReadOnlyPaths=${script}`];
  await write(script, attempts);
  await write("/run/systemd/system/break-in-marker.service", "[Service]\nType=oneshot\nExecStart=/bin/true\n");
  await write("/run/systemd/system/break-in.service", [text, ...changes(python), ...within, ""].join("\n"));
  await must(["systemctl", "daemon-reload"]);
  const started = await execOn(sandbox, "pbx", ["systemctl", "start", "break-in.service"]);
  if (started.code !== 0) throw new Error(`${unit}: ${await must(["journalctl", "-u", "break-in", "-n", "20"])}`);
  const said = await must(["cat", answer]);
  await must(["sh", "-c", `rm ${script} ${answer} /run/systemd/system/break-in*.service; systemctl daemon-reload`]);
  return JSON.parse(said) as Outcome;
}
