import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";

/**
 * Refuses keys such as `pbx:spec` at the left edge of the stack's file: Pulumi reads settings only below `config:` there and ignores
 * the others without a word. A file that lies elsewhere (`--config-file`) is not seen.
 * @throws pulumi.RunError naming the file, the lines and the cure.
 */
export function refuseStrayKeys(): void {
  const name = `Pulumi.${pulumi.getStack()}.yaml`;
  const file = path.join(pulumi.getRootDirectory(), name);
  if (!existsSync(file)) return;
  const stray = readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line, index) => {
      const [, key] = /^["']?(pbx:\w+)/.exec(line) ?? [];
      return key === undefined ? [] : [`${key} (line ${index + 1})`];
    });
  if (stray.length === 0) return;
  throw new pulumi.RunError(
    `${name}: ${stray.join(", ")} at the left edge is ignored by Pulumi; move it below \`config:\` with all its lines, and indent each by two blanks more`,
  );
}
