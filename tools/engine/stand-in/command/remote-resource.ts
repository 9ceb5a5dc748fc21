import * as grpc from "@grpc/grpc-js";

import { type Difference, leaves } from "../rpc/differences";
import type { Properties } from "../rpc/properties";
import { failure } from "../rpc/serve";
import type { Refusal } from "./inputs";

/** One resource type of the provider, as the engine works with it. */
export interface RemoteResource {
  check(inputs: Properties): { inputs: Properties; refusals: Refusal[] };
  diff(before: Properties, after: Properties): Difference[];
  create(urn: string, inputs: Properties, preview: boolean): Promise<{ id: string; state: Properties }>;
  update(urn: string, old: Properties, inputs: Properties, preview: boolean): Promise<Properties>;
  delete(urn: string, state: Properties): Promise<void>;
}

/** The inputs whose change replaces the resource, whether `update` is given or not. */
const REPLACES = /^triggers\b/;

/** What a change of inputs means for either resource. */
export function inputDifferences(before: Properties, after: Properties): Difference[] {
  return leaves(before, after).map(({ path, kind }) => ({ path, kind, replaces: REPLACES.test(path) }));
}

/** The failure for anything of the official provider that this stand-in leaves out. */
export function notProvided(what: string): grpc.ServiceError {
  return failure(
    grpc.status.UNIMPLEMENTED,
    `the stand-in command provider does not provide ${what}; install the official plugin: ` +
      "`pulumi plugin install resource command 1.2.1`",
  );
}
