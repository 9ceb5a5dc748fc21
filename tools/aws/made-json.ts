import * as pulumi from "@pulumi/pulumi";

import type { Made } from "../../controls/cloud/cloud-control";
import { isFunction } from "./terraform-json";
import { address } from "./terraform-names";

/**
 * Sets of resources in JSON, each with Terraform's address of it, for judges that are not written in TypeScript; a file among the inputs
 * is `{"asset": true}`.
 */
export function asJson(sets: readonly (readonly Made[])[]): string {
  const resources = sets.map((set) =>
    set.filter((one) => !isFunction(one)).map((one) => ({ ...one, address: address(one.type, one.name) })),
  );
  return JSON.stringify(resources, (_key, value: unknown) =>
    pulumi.asset.Asset.isInstance(value) || pulumi.asset.Archive.isInstance(value) ? { asset: true } : value,
  );
}
