import * as pulumi from "@pulumi/pulumi";
import { awsPart, type AwsPart } from "../../../components/aws/part";

/** One resource as a part asked for it; secrets as their values. */
export interface Made {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

const made: Made[] = [];

/** Ids and ARNs are made of the resources' names. */
async function collect(answers: object): Promise<void> {
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        made.push({ type, name, inputs: inputs as Record<string, unknown> });
        return {
          id: `${name}-id`,
          state: { name, arn: `arn:aws:test:::${name}`, ...(inputs as object), ...computed[type] },
        };
      },
      call: () => ({ partition: "aws", region: "eu-central-1", accountId: "123456789012", ...answers }),
    },
    "project",
    "stack",
  );
}

/** What the provider fills in. */
const computed: Readonly<Record<string, object>> = {
  "aws:secretsmanager/secretVersion:SecretVersion": { versionId: "01234567-89ab-cdef-0123-456789abcdef" },
};

/** Runs a part of a component named `pbx` and returns everything it made; `answers` are given to every question beside the usual. */
export async function madeBy(
  program: (part: AwsPart) => void,
  boundary?: string,
  answers: object = {},
): Promise<Made[]> {
  await collect(answers);
  made.splice(0);
  const parent = new pulumi.ComponentResource("test:index:Parent", "pbx");
  program(awsPart("pbx", parent, { team: "phones" }, { permissionsBoundary: boundary }));
  await pulumi.runtime.disconnect();
  return made.splice(0).filter(({ type }) => type.startsWith("aws:"));
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
