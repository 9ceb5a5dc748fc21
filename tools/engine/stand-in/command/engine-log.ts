import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engine from "@pulumi/pulumi/proto/engine_pb";

import { unlimited } from "../rpc/serve";

/** Reports of the provider to the engine that started it; silent when there is none. */
export class EngineLog {
  private client: EngineClient | undefined;
  private readonly pending = new Set<Promise<void>>();

  constructor(private address: string | undefined) {}

  /** Reports to another engine from now on (the Attach call). */
  attach(address: string): void {
    this.address = address;
    this.client = undefined;
  }

  /** A line shown beside the resource while the engine works. */
  status(urn: string, line: string): void {
    this.send(urn, line, engine.LogSeverity.INFO, true);
  }

  /** A warning that stays in the engine's report. */
  warn(urn: string, line: string): void {
    this.send(urn, line, engine.LogSeverity.WARNING, false);
  }

  /** Waits until the engine has taken every line sent so far. */
  async flush(): Promise<void> {
    await Promise.all(this.pending);
  }

  private send(urn: string, line: string, severity: engine.LogSeverity, ephemeral: boolean): void {
    if (this.address === undefined) return;
    this.client ??= new EngineClient(this.address, grpc.credentials.createInsecure(), unlimited);
    const request = new engine.LogRequest();
    request.setUrn(urn);
    request.setMessage(line);
    request.setSeverity(severity);
    request.setEphemeral(ephemeral);
    const { client } = this;
    const sent = new Promise<void>((resolve) => {
      // An engine that no longer takes lines is ending; the command's own result is what counts.
      client.log(request, () => {
        resolve();
      });
    });
    this.pending.add(sent);
    void sent.finally(() => this.pending.delete(sent));
  }
}
