import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

/** A resource of the small program; a text `@name.property` in its arguments is an output of another. */
export interface Declared {
  /** Class in @pulumi/aws, for example `ec2.Instance`. */
  readonly class: string;
  readonly args: Record<string, unknown>;
  readonly opts?: Record<string, unknown>;
}

const text = `
import { readFileSync } from "node:fs";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const made: Record<string, any> = {};
const resolve = (value: any): any => {
  if (Array.isArray(value)) return value.map(resolve);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner)]));
  if (typeof value !== "string" || !value.startsWith("@")) return value;
  const [name, property] = value.slice(1).split(".");
  return name === "secret" ? pulumi.secret(property) : name === "newest" ? aws.ec2.getAmiOutput({ owners: ["136693071363"], mostRecent: true }).id : made[name!][property!];
};
for (const [name, { class: type, args, opts }] of Object.entries<any>(JSON.parse(readFileSync("declared.json", "utf8")))) {
  const [module, kind] = type.split(".");
  made[name] = new (aws as any)[module][kind](name, resolve(args), opts);
}
export const ids = Object.fromEntries(Object.entries(made).map(([name, resource]) => [name, resource.id]));
`;

/** Writes a project below a folder whose program makes what `declared.json` in it says; returns its own folder. */
export function writeSmallProgram(below: string, declared: Record<string, Declared>): string {
  const folder = path.join(below, "program");
  mkdirSync(folder);
  writeFileSync(path.join(folder, "Pulumi.yaml"), "name: small\nruntime: nodejs\n");
  writeFileSync(path.join(folder, "package.json"), '{ "name": "small", "main": "index.ts" }');
  const compilerOptions = { target: "es2022", module: "node16", moduleResolution: "node16", skipLibCheck: true };
  writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions }));
  writeFileSync(path.join(folder, "index.ts"), text);
  declare(folder, declared);
  return folder;
}

/** Sets what the program in the folder makes from now on. */
export function declare(folder: string, declared: Record<string, Declared>): void {
  writeFileSync(path.join(folder, "declared.json"), JSON.stringify(declared));
}
