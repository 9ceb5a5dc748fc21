import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";

import type { Difference } from "../rpc/differences";
import { isAsset, type Properties, reveal } from "../rpc/properties";
import { dial, type DialOptions } from "./dial";
import { checkedInputs, connectionRefusals, copyInputs, type CopyInputs, type Refusal } from "./inputs";
import { lostConnection, whileConnected } from "./loss";
import { inputDifferences, notProvided, type RemoteResource } from "./remote-resource";
import { openSftp, upload, type Upload } from "./sftp";

/** The copy of one file to a host; the second of the two resource types this provider has. */
export const REMOTE_COPY = "command:remote:CopyToRemote";

/** The behaviour of `command:remote:CopyToRemote` for one file, as @pulumi/command 1.2.1 documents it. */
export class CopyProvider implements RemoteResource {
  constructor(private readonly options: (urn: string) => DialOptions) {}

  check(inputs: Properties): { inputs: Properties; refusals: Refusal[] } {
    const { source, remotePath } = reveal(inputs) as Properties;
    const refusals = connectionRefusals(inputs);
    if (typeof remotePath !== "string")
      refusals.push({ property: "remotePath", reason: "remotePath is required: where the file goes" });
    if (!isAsset(source)) refusals.push({ property: "source", reason: "source must be an asset: one file" });
    return { inputs: checkedInputs(inputs), refusals };
  }

  diff(before: Properties, after: Properties): Difference[] {
    return inputDifferences(before, after);
  }

  async create(urn: string, inputs: Properties, preview: boolean): Promise<{ id: string; state: Properties }> {
    if (!preview) await this.copy(urn, inputs);
    return { id: preview ? "" : randomBytes(4).toString("hex"), state: inputs };
  }

  /** Another connection alone copies nothing. */
  async update(urn: string, old: Properties, inputs: Properties, preview: boolean): Promise<Properties> {
    const changed = this.diff(old, inputs).some(({ path }) => path === "source" || path === "remotePath");
    if (!preview && changed) await this.copy(urn, inputs);
    return inputs;
  }

  /** The file stays on the host. */
  delete(): Promise<void> {
    return Promise.resolve();
  }

  private async copy(urn: string, inputs: Properties): Promise<void> {
    const { connection, remotePath, source } = copyInputs(inputs);
    const file = uploadOf(source);
    const client = await dial(connection, this.options(urn));
    try {
      const copied = openSftp(client).then((sftp) => upload(sftp, remotePath, file));
      await whileConnected(client, copied);
    } catch (error) {
      throw lostConnection(client) ?? error;
    } finally {
      client.end();
    }
  }
}

function uploadOf(source: CopyInputs["source"]): Upload {
  if (source.text !== undefined && source.text !== "") return { content: Buffer.from(source.text) };
  if (source.path !== undefined && source.path !== "")
    return { content: readFileSync(source.path), name: basename(source.path) };
  throw notProvided("an asset that is neither a file nor a text");
}
