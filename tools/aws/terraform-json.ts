import * as pulumi from "@pulumi/pulumi";

import type { Made } from "../../controls/cloud/cloud-control";
import { isObject } from "../engine/stand-in/rpc/properties";
import { resourceType } from "../engine/stand-in/aws/types/table";
import { resourceName, snakeCase } from "./terraform-names";

/** Arguments whose keys are the owner's words, not Terraform's. */
const maps: ReadonlySet<string> = new Set(["tags", "tagsAll", "dimensions", "parameters"]);

type Rendered = Record<string, Record<string, unknown>>;

/** Whether it is a question to AWS, not a resource. */
export const isFunction = ({ type }: Made): boolean => /^aws:\w+\/get[A-Z]/.test(type);

/**
 * Resources as a `.tf.json` document, for judges that read Terraform. @pulumi/aws is bridged from Terraform's provider, so
 * that a type is one of Terraform's, an argument its name in camel case, and a list of blocks its name in the plural.
 * Of the questions to AWS the searches for images are in it.
 */
export function terraformJson(made: readonly Made[]): { readonly resource: Rendered; readonly data: Rendered } {
  const resource: Rendered = {};
  for (const { type, name, inputs } of made.filter((one) => !isFunction(one))) {
    const { terraform, renamed = {} } = resourceType(type);
    const ofType = (resource[terraform] ??= {});
    if (ofType[resourceName(name)] !== undefined) throw new Error(`${terraform}.${resourceName(name)} is made twice`);
    ofType[resourceName(name)] = block(inputs, renamed);
  }
  const searches = made.filter(({ type }) => type === "aws:ec2/getAmi:getAmi");
  const images = searches.map(
    ({ inputs }, index) => [`search_${index}`, block(inputs, { filters: "filter" })] as const,
  );
  return { resource, data: { aws_ami: Object.fromEntries(images) } };
}

function block(inputs: Readonly<Record<string, unknown>>, renamed: Readonly<Record<string, string>>): object {
  return Object.fromEntries(
    Object.entries(inputs)
      .filter(([key, value]) => value !== undefined && value !== null && key !== "__defaults")
      .map(([key, value]) => [renamed[key] ?? snakeCase(key), maps.has(key) ? value : rendered(value, renamed)]),
  );
}

function rendered(value: unknown, renamed: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(value)) return (value as unknown[]).map((item) => rendered(item, renamed));
  if (pulumi.asset.Asset.isInstance(value) || pulumi.asset.Archive.isInstance(value)) return "a file";
  return isObject(value) ? block(value, renamed) : value;
}
