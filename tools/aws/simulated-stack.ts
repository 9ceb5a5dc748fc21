import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import type { Engine } from "../engine/engine";
import { type ServedSimulation, serveSimulation } from "../engine/stand-in/aws/serve";
import { AwsSimulation } from "../engine/stand-in/aws/simulation";
import { ProgramStack } from "../operator/program-stack";

/** What a simulated stack is opened with. */
export interface SimulatedStackOptions {
  readonly engine: Engine;
  /** Folder of the program's Pulumi.yaml; a copy of it is worked with. */
  readonly program: string;
  /** Whether the engine checks the program's types, as a person's does. Default: false. */
  readonly checkTypes?: boolean;
  /** The account, which stacks may share. Default: one of its own. */
  readonly simulation?: AwsSimulation | undefined;
}

/** A stack driven by the real engine against the simulation of AWS; nothing of AWS is reached or proven. */
export class SimulatedStack extends ProgramStack {
  private constructor(
    options: SimulatedStackOptions,
    private readonly place: string,
    readonly simulation: AwsSimulation,
    private readonly served: ServedSimulation,
  ) {
    super({
      ...options,
      folder: path.join(place, "stack"),
      name: "simulated",
      env: {
        PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_CONFIG_PASSPHRASE: "a passphrase of a simulation",
        PULUMI_DEBUG_PROVIDERS: served.attach,
        ...(options.checkTypes === true ? {} : { PULUMI_NODEJS_TRANSPILE_ONLY: "true" }),
      },
    });
  }

  /** Makes the stack in a temporary folder, in the region that the simulation plays. */
  static async open(options: SimulatedStackOptions): Promise<SimulatedStack> {
    const { simulation = new AwsSimulation() } = options;
    const place = mkdtempSync(path.join(tmpdir(), "hardened-asterisk-aws-"));
    const stack = new SimulatedStack(options, place, simulation, await serveSimulation(simulation));
    try {
      await stack.init();
      await stack.configure({ "aws:region": "eu-central-1" });
      return stack;
    } catch (error) {
      await stack.close();
      throw error;
    }
  }

  /** Ends the simulation and removes the stack's folder; the stack cannot be worked with any more. */
  async close(): Promise<void> {
    await this.served.close();
    rmSync(this.place, { recursive: true, force: true });
  }
}
