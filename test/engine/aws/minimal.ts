import path from "node:path";

import { office } from "../../../tools/aws/office";
import { SimulatedStack } from "../../../tools/aws/simulated-stack";
import { ensureEngine } from "../../../tools/engine/engine";
import type { AwsSimulation } from "../../../tools/engine/stand-in/aws/simulation";

/** The secret that every password of the tests' stacks is derived from. */
export const masterSecret = "0123456789abcdef0123456789abcdef";

/** Opens a stack of `stacks/<name>`, configured as a person would, against a simulation of AWS, by default one of its own. */
export async function openStack(
  name: string,
  more: Record<string, string> = {},
  simulation?: AwsSimulation,
): Promise<SimulatedStack> {
  const engine = await ensureEngine({ progress: (line) => process.stderr.write(`${line}\n`) });
  const program = path.join(__dirname, "../../../stacks", name);
  const stack = await SimulatedStack.open({ engine, program, simulation });
  const { url = "", sha256 } = office.asteriskPackage;
  const settings = { ...more, "asteriskPackage.url": url, "asteriskPackage.sha256": sha256 };
  const named = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`${name}:${key}`, value]));
  await stack.configure(named, { masterSecret });
  return stack;
}

/** Opens a stack of `stacks/aws-minimal`. */
export const openMinimal = (): Promise<SimulatedStack> => openStack("aws-minimal");
