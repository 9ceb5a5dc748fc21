import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { format } from "prettier";

const file = path.join(__dirname, "../../fixtures/aws-minimal-state.json");

/** The state that an earlier version left of `stacks/aws-minimal`, as `pulumi stack export` prints it. */
export function earlierState(): string {
  return readFileSync(file, "utf8");
}

/** Keeps an exported state for later versions, without the places of this machine. */
export async function keepState(exported: string): Promise<void> {
  const root = path.join(__dirname, "../../..");
  const placeless = exported.replaceAll(root, ".").replace(/"(\/tmp\/[^"]*)"/g, '"."');
  writeFileSync(file, await format(placeless, { parser: "json", printWidth: 120 }));
}
