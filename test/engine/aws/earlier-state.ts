import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const fixtures = path.join(__dirname, "../../fixtures");
const file = path.join(fixtures, "aws-minimal-state.json");

/** The state that the version before this one left of `stacks/aws-minimal`, as `pulumi stack export` prints it. */
export function earlierState(): string {
  return readFileSync(file, "utf8");
}

/** The state of a version whose physical names had no project. */
export function stateWithoutProject(): string {
  return readFileSync(path.join(fixtures, "aws-minimal-state-1.json"), "utf8");
}

/** Keeps an exported state for later versions, without the places of this machine. */
export function keepState(exported: string): void {
  const root = path.join(__dirname, "../../..");
  const placeless = exported.replaceAll(root, ".").replace(/"(\/tmp\/[^"]*)"/g, '"."');
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
