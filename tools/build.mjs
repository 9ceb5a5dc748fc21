// Builds dist/: the compiled package, and host.pyz, the program that runs on the PBX, as one file.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { zipSync } from "fflate";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);

execFileSync(process.execPath, [require.resolve("typescript/bin/tsc"), "-p", path.join(root, "tsconfig.build.json")], {
  stdio: "inherit",
});

const host = path.join(root, "host");
const sources = [
  "__main__.py",
  ...readdirSync(path.join(host, "hardened_asterisk_host"), { recursive: true }).map(
    (name) => `hardened_asterisk_host/${name}`,
  ),
];
// Sorted names and one fixed time: equal sources must give an equal file, because its digest names it.
const mtime = new Date(1980, 0, 1, 12);
const entries = sources
  .filter((name) => name.endsWith(".py"))
  .sort()
  .map((name) => [name, [readFileSync(path.join(host, name)), { mtime, level: 9 }]]);
const zip = zipSync(Object.fromEntries(entries));
mkdirSync(path.join(root, "dist"), { recursive: true });
writeFileSync(path.join(root, "dist/host.pyz"), Buffer.concat([Buffer.from("#!/usr/bin/python3 -I\n"), zip]));
// What an instance on AWS fetches the agent with: the agent's own way to ask AWS, and what to do with the answer.
const fetching = ["hardened_asterisk_host/aws/services.py", "fetch-agent.py.txt"];
writeFileSync(
  path.join(root, "dist/fetch-agent.py.txt"),
  Buffer.concat(fetching.map((name) => readFileSync(path.join(host, name)))),
);
copyFileSync(path.join(host, "loader.py.txt"), path.join(root, "dist/loader.py.txt"));
