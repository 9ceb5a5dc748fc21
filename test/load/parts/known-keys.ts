import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { CommandError } from "../../../sandbox/command";
import type { StagedPbx } from "./staged-pbx";

const agent = path.join(__dirname, "../../../host/hardened_asterisk_host");
const folder = "/run/agent";
const root = { owner: "root", group: "root", mode: "0644" };

/** Asks the agent's own check, as it runs on a host, with the documentation that the image's package installed. */
const script = `
import json, sys
sys.path.insert(0, ${JSON.stringify(folder)})
from hardened_asterisk_host.known_keys import DOCUMENTATION, documented_keys, unknown_keys
asked = json.load(sys.stdin)
tables = {f: {s: frozenset(keys) for s, keys in ss.items()} for f, ss in asked["tables"].items()}
with open(DOCUMENTATION, "rb") as handle:
    documented = documented_keys(handle.read())
print(json.dumps({
    "unknown": unknown_keys(asked["texts"], {**documented, **tables}),
    "twice": sorted(documented.keys() & tables.keys()),
}))
`;

/** What the agent says of the keys of the staged files. Raises a `CommandError` when it cannot tell. */
export async function keysOf({ host, files, scenario }: StagedPbx): Promise<{ unknown: string[]; twice: string[] }> {
  for (const name of readdirSync(agent).filter((file) => file.endsWith(".py")))
    host.write(`${folder}/hardened_asterisk_host/${name}`, readFileSync(path.join(agent, name), "utf8"), root);
  const argv = ["python3", "-I", "-c", script];
  const input = JSON.stringify({ texts: Object.fromEntries(files), tables: scenario.bundle.knownKeys });
  const result = await host.run(argv, { input });
  if (result.code !== 0) throw new CommandError(argv, result);
  return JSON.parse(result.stdout) as { unknown: string[]; twice: string[] };
}
