import type { PbxSpec } from "../../../core/spec/spec";
import { Installation } from "../../../tools/operator/installation";
import { FaultBench, specOf } from "../../e2e/fault-harness";

const started = Date.now();

/** Prints a line with the seconds since the start. */
export function say(line: string): void {
  process.stderr.write(`[${Math.round((Date.now() - started) / 1000)} s] ${line}\n`);
}

/** A bench for one test file, opened before its tests and removed after them. */
export function useBench(name: string): () => FaultBench {
  let bench: FaultBench | undefined;
  beforeAll(async () => {
    // Spares the engine's type check of the program on every run; `tsc` has it.
    process.env.PULUMI_NODEJS_TRANSPILE_ONLY = "true";
    bench = await FaultBench.open({ name, spec: specOf("quiet"), progress: say });
  }, 300_000);
  afterAll(async () => {
    // A host that did not even come up is removed too.
    await (bench?.close() ?? Installation.remove(name));
  }, 60_000);
  return () => {
    if (bench === undefined) throw new Error("the bench is not open");
    return bench;
  };
}

let fresh = 100;

/** A configuration that no host has seen yet, and for which Asterisk restarts after the one given. */
export function freshSpec(confirmed: PbxSpec): PbxSpec {
  fresh += 1;
  const spec = specOf(confirmed.limits?.calls === specOf("busy").limits?.calls ? "quiet" : "busy");
  const warehouse = { number: "103", networks: ["100.64.7.2/32"], generation: fresh };
  return { ...spec, phones: { ...spec.phones, warehouse } };
}
