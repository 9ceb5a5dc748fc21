import { readFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import type { Client, SFTPWrapper } from "ssh2";

import { typeAndName } from "../rpc/urn";
import { dial, type DialOptions } from "./dial";
import { checkedInputs, connectionRefusals, copyInputs, type CopyInputs, type Refusal } from "./inputs";
import { changedNames, isObject, plain, type Properties, reveal } from "./properties";
import { type Difference, notProvided, type RemoteResource } from "./remote-resource";

/** The copy of one file to a host; the second of the two resource types this provider has. */
export const REMOTE_COPY = "command:remote:CopyToRemote";

/** The mark of an asset in a property bag (Pulumi's wire protocol). */
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const SIGNATURE = "4dabf18193072939515e22adb298388d";

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

  /** An asset is known by its digest, wherever its file lies. */
  diff(before: Properties, after: Properties): Difference[] {
    return changedNames(known(before), known(after)).map((name) => ({ name, replaces: name === "triggers" }));
  }

  async create(urn: string, inputs: Properties, preview: boolean): Promise<{ id: string; state: Properties }> {
    if (!preview) await this.copy(urn, inputs);
    return { id: typeAndName(urn).name + randomBytes(4).toString("hex"), state: inputs };
  }

  /** Another connection alone copies nothing. */
  async update(urn: string, old: Properties, inputs: Properties, preview: boolean): Promise<Properties> {
    const [before, after] = [known(old), known(inputs)];
    const changed = changedNames(before, after).some((name) => name === "source" || name === "remotePath");
    if (!preview && changed) await this.copy(urn, inputs);
    return inputs;
  }

  /** The file stays on the host. */
  delete(): Promise<void> {
    return Promise.resolve();
  }

  private async copy(urn: string, inputs: Properties): Promise<void> {
    const { connection, remotePath, source } = copyInputs(inputs);
    const content = contentOf(source);
    const client = await dial(connection, this.options(urn));
    try {
      await write(await openSftp(client), remotePath, content);
    } finally {
      client.end();
    }
  }
}

function isAsset(value: unknown): boolean {
  return isObject(value) && value[SIGNATURE] === ASSET;
}

function known(properties: Properties): Properties {
  const source = plain(properties["source"]);
  return isObject(source) && isAsset(source) ? { ...properties, source: source["hash"] } : properties;
}

function contentOf(source: CopyInputs["source"]): Buffer {
  if (source.text !== undefined && source.text !== "") return Buffer.from(source.text);
  if (source.path !== undefined && source.path !== "") return readFileSync(source.path);
  throw notProvided("an asset that is neither a file nor a text");
}

function openSftp(client: Client): Promise<SFTPWrapper> {
  return new Promise((resolve, reject) => {
    client.sftp((error, sftp) => {
      if (error === undefined) resolve(sftp);
      else reject(new Error(`the server does not offer SFTP, which the copy needs: ${error.message}`));
    });
  });
}

function write(sftp: SFTPWrapper, remotePath: string, content: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    sftp.writeFile(remotePath, content, (error) => {
      if (error === undefined || error === null) resolve();
      else reject(new Error(`copying to ${remotePath}: ${error.message}`));
    });
  });
}
