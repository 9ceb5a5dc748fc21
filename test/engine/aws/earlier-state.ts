import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const file = path.join(__dirname, "../../fixtures/aws-minimal-state.json");

/** The state that an earlier version left of `stacks/aws-minimal`, as `pulumi stack export` prints it. */
export function earlierState(): string {
  return readFileSync(file, "utf8");
}

/** Keeps an exported state for later versions, without the places of this machine. */
export function keepState(exported: string): void {
  const root = path.join(__dirname, "../../..");
  const placeless = exported.replaceAll(root, ".").replace(/"(\/tmp\/[^"]*)"/g, '"."');
  mkdirSync(path.dirname(file), { recursive: true });
  const { deployment, ...rest } = JSON.parse(placeless) as { deployment: { resources: unknown[] } };
  const { resources, ...others } = deployment;
  const lines = resources.map((resource) => JSON.stringify(resource, withoutLongTexts)).join(",\n");
  const head = JSON.stringify({ ...rest, deployment: { ...others, resources: [] } }).replace(
    /"resources":\[\]\}\}$/,
    "",
  );
  writeFileSync(file, `${head}"resources":[\n${lines}\n]}}\n`);
}

/** Texts that are uploaded are told apart by their hash alone. */
function withoutLongTexts(key: string, value: unknown): unknown {
  return key === "text" && typeof value === "string" && value.length > 1_000 ? "left out" : value;
}
