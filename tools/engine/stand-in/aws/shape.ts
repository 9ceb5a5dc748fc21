import { readFileSync } from "node:fs";
import path from "node:path";

/** What kind of value an output has, as far as a fake one has to fit. */
export type Kind = "string" | "number" | "boolean" | "array" | "map" | "object";

/** The inputs and the outputs that are always there of one type, as @pulumi/aws declares them. */
export interface Shape {
  readonly inputs: ReadonlySet<string>;
  readonly outputs: ReadonlyMap<string, Kind>;
}

const known = new Map<string, Shape>();

/**
 * Reads the shape of a type, such as `aws:ec2/vpc:Vpc`, from the installed @pulumi/aws.
 * @throws Error for a type that it does not have.
 */
export function shapeOf(token: string): Shape {
  const shape = known.get(token) ?? readShape(token);
  known.set(token, shape);
  return shape;
}

function readShape(token: string): Shape {
  const [, file, name] = /^aws:(\w+\/\w+):(\w+)$/.exec(token) ?? [];
  if (file === undefined || name === undefined) throw new Error(`${token} is no type of the aws package`);
  const folder = path.dirname(require.resolve("@pulumi/aws/package.json"));
  const declared = readFileSync(path.join(folder, `${file}.d.ts`), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
  const body = new RegExp(`export declare class ${name} [\\s\\S]*?\\n}`).exec(declared)?.[0];
  if (body === undefined) throw new Error(`@pulumi/aws declares no ${token}`);
  const properties = [...body.matchAll(/readonly (\w+): pulumi\.Output<([\s\S]*?)>;/g)];
  const code = readFileSync(path.join(folder, `${file}.js`), "utf8");
  return {
    inputs: new Set([...code.matchAll(/resourceInputs\["(\w+)"\] = .*\bargs\?\.\1/g)].map(([, input = ""]) => input)),
    outputs: new Map(
      properties
        .filter(([, , type = ""]) => !/\bundefined\b/.test(type))
        .map(([, property = "", type = ""]) => [property, kindOf(type)]),
    ),
  };
}

function kindOf(type: string): Kind {
  if (type.endsWith("[]")) return "array";
  if (type === "string" || type === "number" || type === "boolean") return type;
  if (type.startsWith("{")) return "map";
  return type.startsWith("outputs.") ? "object" : "string";
}
