import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Writes a TypeScript project whose program is empty, beside which a no-op `up` is measured. */
export function writeEmptyProject(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, "Pulumi.yaml"),
    "name: empty\nruntime:\n  name: nodejs\n  options:\n    typescript: true\n",
  );
  writeFileSync(path.join(folder, "package.json"), '{ "name": "empty", "main": "index.ts" }\n');
  const compilerOptions = {
    strict: true,
    target: "ES2022",
    module: "node16",
    moduleResolution: "node16",
    skipLibCheck: true,
  };
  writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["index.ts"] }));
  writeFileSync(
    path.join(folder, "index.ts"),
    'import * as pulumi from "@pulumi/pulumi";\nexport const project = pulumi.getProject();\n',
  );
  symlinkSync(path.join(__dirname, "../../node_modules"), path.join(folder, "node_modules"));
}
