import * as pulumi from "@pulumi/pulumi";
import { awsPart, type AwsPart } from "../../../components/aws/part";
import type { Made } from "../../../controls/cloud/cloud-control";
import { madeBy as madeByProgram, type Answers, type ProgramOptions } from "./made-by-program";

/** Runs a part of a component named `pbx`, whose roles have the boundary, and gives everything it made; ARNs are made of the resources' names. */
export function madeBy(
  program: (part: AwsPart) => unknown,
  boundary?: string,
  answers: Answers = {},
  more: ProgramOptions = {},
): Promise<readonly Made[]> {
  return madeByProgram(
    () => {
      const parent = new pulumi.ComponentResource("test:index:Parent", "pbx");
      return program(awsPart("pbx", parent, { team: "phones" }, { permissionsBoundary: boundary }));
    },
    { ...more, answers, arnOf: (name) => `arn:aws:test:::${name}` },
  );
}

/** The inputs of the one resource of this name. Raises when there is none. */
export function inputsOf(resources: readonly Made[], name: string): Readonly<Record<string, unknown>> {
  const found = resources.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} was not made: ${resources.map((one) => one.name).join(", ")}`);
  return found.inputs;
}

/** A policy in JSON, read. */
export const policyOf = (inputs: Readonly<Record<string, unknown>>, key = "policy") =>
  JSON.parse(String(inputs[key])) as { Statement: Record<string, unknown>[] };
