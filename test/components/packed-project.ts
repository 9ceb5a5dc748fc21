import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { run } from "../../sandbox/command";

const root = path.join(__dirname, "../..");

/** This package's own `package.json`. */
export const own = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
  version: string;
  devDependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
  peerDependenciesMeta: Record<string, { optional: boolean }>;
};

const compilerOptions = { strict: true, noEmit: true, target: "ES2022", module: "node16", moduleResolution: "node16" };
const quietly = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel", "error"];

/**
 * Packs the built package and installs it with its peers in an empty project, as a user of the registry would.
 * @param files what its `tsconfig.json` names.
 * @returns the files in the package.
 */
export async function installPacked(folder: string, files: readonly string[]): Promise<string[]> {
  // Built already for the suite: the scripts would only build it again.
  const [made] = JSON.parse(
    await run(["npm", "pack", "--json", "--ignore-scripts", "--pack-destination", folder], { cwd: root }),
  ) as { filename: string; files: { path: string }[] }[];
  if (made === undefined) throw new Error("npm pack made nothing");
  writeFileSync(path.join(folder, "package.json"), '{ "name": "empty", "private": true, "main": "index.ts" }');
  writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
  const exact = ["@pulumi/pulumi", "@pulumi/command", "typescript", "@types/node"];
  const versions = exact.map((name) => `${name}@${own.devDependencies[name] ?? "none"}`);
  const install = ["npm", "install", "--prefer-offline", ...quietly, path.join(folder, made.filename), ...versions];
  await run(install, { cwd: folder, timeout: 150_000 });
  return made.files.map((file) => file.path);
}
