import { randomBytes } from "node:crypto";

import type { Difference } from "../rpc/differences";
import { typeAndName } from "../rpc/urn";
import type { DialOptions } from "./dial";
import type { EngineLog } from "./engine-log";
import { checkedInputs, commandInputs, type Refusal, refusals } from "./inputs";
import { plain, type Properties, reveal, UNKNOWN } from "../rpc/properties";
import { inputDifferences, type RemoteResource } from "./remote-resource";
import { type Outputs, remoteRun } from "./remote-run";

/** A command run on a host. */
export const REMOTE_COMMAND = "command:remote:Command";

const UNKNOWN_OUTPUTS = { stdout: UNKNOWN, stderr: UNKNOWN };

/** The behaviour of `command:remote:Command` as @pulumi/command 1.2.1 documents and shows it. */
export class CommandProvider implements RemoteResource {
  private readonly cancelled = new AbortController();
  private readonly running = new Set<Promise<unknown>>();

  constructor(private readonly log: EngineLog) {}

  check(inputs: Properties): { inputs: Properties; refusals: Refusal[] } {
    return { inputs: checkedInputs(inputs), refusals: refusals(inputs) };
  }

  diff(before: Properties, after: Properties): Difference[] {
    return inputDifferences(before, after);
  }

  async create(urn: string, inputs: Properties, preview: boolean): Promise<{ id: string; state: Properties }> {
    const id = typeAndName(urn).name + randomBytes(4).toString("hex");
    if (preview) return { id, state: { ...inputs, ...UNKNOWN_OUTPUTS } };
    const outputs = await this.run(urn, plain(inputs["create"]), inputs, { stdout: "", stderr: "" });
    return { id, state: { ...inputs, ...outputs } };
  }

  async update(urn: string, old: Properties, inputs: Properties, preview: boolean): Promise<Properties> {
    if (preview) return { ...inputs, ...UNKNOWN_OUTPUTS };
    const command = plain(inputs["update"]) ?? plain(inputs["create"]);
    return { ...inputs, ...(await this.run(urn, command, inputs, previousOutputs(old))) };
  }

  async delete(urn: string, state: Properties): Promise<void> {
    await this.run(urn, plain(state["delete"]), state, previousOutputs(state));
  }

  /** Dials that are still being retried end now; a command already running on a host is waited for. */
  cancel(): void {
    this.cancelled.abort(new Error("cancelled"));
  }

  /** Waits until no command runs any more. */
  async idle(): Promise<void> {
    this.cancel();
    await Promise.allSettled(this.running);
  }

  /** Where a dial for a resource reports to; {@link cancel} ends it. */
  dialOptions(urn: string): DialOptions {
    return {
      report: (line) => {
        this.log.status(urn, line);
      },
      signal: this.cancelled.signal,
    };
  }

  private async run(urn: string, command: unknown, inputs: Properties, previous: Outputs): Promise<Outputs> {
    if (typeof command !== "string") return previous;
    const work = remoteRun(command, commandInputs(inputs), previous, {
      ...this.dialOptions(urn),
      warn: (line) => {
        this.log.warn(urn, line);
      },
    }).finally(() => this.log.flush());
    this.running.add(work);
    try {
      return await work;
    } finally {
      this.running.delete(work);
    }
  }
}

function previousOutputs(state: Properties): Outputs {
  const { stdout, stderr } = reveal(state) as Properties;
  return { stdout: typeof stdout === "string" ? stdout : "", stderr: typeof stderr === "string" ? stderr : "" };
}
