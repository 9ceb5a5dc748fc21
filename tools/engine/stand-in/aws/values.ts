import { sha256 } from "../../../../core/sha256";
import { plain, type Properties } from "../rpc/properties";
import { type Kind, shapeOf } from "./shape";
import { resourceType } from "./types/table";

/** The account, region and partition that the simulation plays. No such account exists. */
export const simulated = { accountId: "123456789012", region: "eu-central-1", partition: "aws" } as const;

/** Services whose name in an ARN is not the module's of @pulumi/aws. */
const services: Readonly<Record<string, string>> = { ebs: "ec2", vpc: "ec2", cloudwatch: "logs", kinesis: "firehose" };

/** What a resource of the simulation has: its id and, for each output that is always there, a value of the right kind. */
export function simulatedState(type: string, name: string, serial: number, inputs: Properties): SimulatedState {
  const { id: rule } = resourceType(type);
  const unique = sha256(`${type} ${name} ${serial}`).slice(0, 17);
  const given = (property: string) => {
    const prefix = plain(inputs[`${property}Prefix`]);
    return plain(inputs[property]) ?? (typeof prefix === "string" ? prefix + unique : undefined);
  };
  const generated = rule.startsWith("=") ? undefined : rule + unique;
  const arn = arnOf(type, generated ?? String(given("name") ?? given("bucket") ?? (name as unknown)));
  const outputs: Properties = { region: simulated.region, tagsAll: inputs["tags"] ?? {}, ...inputs };
  for (const property of ["name", "bucket"])
    if (inputs[`${property}Prefix`] !== undefined) outputs[property] = given(property);
  for (const [property, kind] of shapeOf(type).outputs)
    outputs[property] ??= property === "arn" ? arn : fake(property, kind, generated ?? unique, serial);
  const id = generated ?? (rule === "=arn" ? arn : String(plain(outputs[rule.slice(1)])));
  return { id, outputs };
}

/** Id and outputs of a resource. */
export interface SimulatedState {
  readonly id: string;
  readonly outputs: Properties;
}

function arnOf(type: string, id: string): string {
  const [, module = "", kind = ""] = /^aws:(\w+)\/(\w+):/.exec(type) ?? [];
  if (kind === "bucket") return `arn:${simulated.partition}:s3:::${id}`;
  const region = module === "iam" ? "" : simulated.region;
  const place = [simulated.partition, services[module] ?? module, region, simulated.accountId].join(":");
  return kind === "topic" ? `arn:${place}:${id}` : `arn:${place}:${kind}/${id}`;
}

function fake(property: string, kind: Kind, unique: string, serial: number): unknown {
  switch (kind) {
    case "string":
      if (property === "publicIp") return `198.51.100.${serial % 250}`;
      if (property === "privateIp") return `10.0.0.${serial % 250}`;
      if (property === "availabilityZone") return `${simulated.region}a`;
      return property.endsWith("Id") ? unique : `simulated-${property}-${unique}`;
    case "number":
      return 1;
    case "boolean":
      return false;
    case "array":
      return [];
    case "map":
    case "object":
      return {};
  }
}
