import type { Engine } from "../engine/engine";
import { type ServedSimulation, serveSimulation } from "../engine/stand-in/aws/serve";
import { AwsSimulation } from "../engine/stand-in/aws/simulation";
import { ProgramStack } from "../operator/program-stack";

/** What a simulated stack is opened with. */
export interface SimulatedStackOptions {
  readonly engine: Engine;
  /** Folder of the program's Pulumi.yaml; a copy of it is worked with. */
  readonly program: string;
  /** Holds the copy, the state and the engine's home. Must not exist. */
  readonly folder: string;
  /** Whether the engine checks the program's types, as a person's does. Default: false. */
  readonly checkTypes?: boolean;
}

/** A stack driven by the real engine against the simulation of AWS; nothing of AWS is reached or proven. */
export class SimulatedStack extends ProgramStack {
  private constructor(
    options: SimulatedStackOptions,
    readonly simulation: AwsSimulation,
    private readonly served: ServedSimulation,
  ) {
    super({
      ...options,
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

  /** Makes the stack, in the region that the simulation plays. */
  static async open(options: SimulatedStackOptions): Promise<SimulatedStack> {
    const simulation = new AwsSimulation();
    const stack = new SimulatedStack(options, simulation, await serveSimulation(simulation));
    await stack.init();
    await stack.configure({ "aws:region": "eu-central-1" });
    return stack;
  }

  /** Ends the simulation; the stack cannot be worked with any more. */
  close(): Promise<void> {
    return this.served.close();
  }
}
