import { readFileSync } from "node:fs";
import path from "node:path";
import { execOn, type Sandbox } from "../../../sandbox/sandbox";
import { placeDropIn, placeFile, removeDropIn } from "./agent-drop-in";

const script = readFileSync(path.join(__dirname, "at-step.py"), "utf8");

/** What happens before a step: see `at-step.py`. */
export type StepFault = { readonly what: "count" } | { readonly what: "kill" | "stop"; readonly step: number };

/** Has every later activation on the host run under `at-step.py` with this order, until {@link forgetSteps}. */
export async function orderStep(sandbox: Sandbox, fault: StepFault): Promise<void> {
  await execOn(sandbox, "pbx", ["rm", "-f", "/run/fault/steps.json"]);
  await placeFile(sandbox, "at-step.py", script);
  await placeFile(sandbox, "order.json", JSON.stringify(fault));
  await placeDropIn(sandbox, ["ExecStart=", "ExecStart=/usr/bin/python3 -I /run/fault/at-step.py %n"]);
}

/** Lets activations run as they are again. */
export const forgetSteps = removeDropIn;

/** The steps that the last ordered activation came to, the one it was struck before being the last; undefined before that. */
export async function stepsSeen(sandbox: Sandbox): Promise<string[] | undefined> {
  const { stdout } = await execOn(sandbox, "pbx", ["cat", "/run/fault/steps.json"]);
  return stdout === "" ? undefined : (JSON.parse(stdout) as string[]);
}
