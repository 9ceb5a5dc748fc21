import { z } from "zod";

const propertySchema = z.looseObject({
  type: z.string().optional(),
  $ref: z.string().optional(),
  description: z.string().optional(),
  optional: z.boolean().optional(),
  items: z.looseObject({ type: z.string().optional(), $ref: z.string().optional() }).optional(),
  additionalProperties: z.looseObject({ type: z.string().optional(), $ref: z.string().optional() }).optional(),
});
type Property = z.infer<typeof propertySchema>;

const schemaSchema = z.looseObject({
  resources: z.record(
    z.string(),
    z.looseObject({
      inputProperties: z.record(z.string(), propertySchema),
      properties: z.record(z.string(), propertySchema),
    }),
  ),
  types: z.record(
    z.string(),
    z.looseObject({
      properties: z.record(z.string(), propertySchema).optional(),
      enum: z.array(z.looseObject({ value: z.unknown() })).optional(),
    }),
  ),
});

const plainName = (token: string) => token.split(/[:/]/).at(-1) ?? token;

/** The component's arguments, outputs and types as tables, from the inferred Pulumi schema. */
export function specPage(input: unknown): string {
  const schema = schemaSchema.parse(input);
  const resources = Object.entries(schema.resources).flatMap(([token, { inputProperties, properties }]) => [
    `## ${plainName(token)}: arguments`,
    "",
    ...table(inputProperties),
    `## ${plainName(token)}: outputs`,
    "",
    ...table(properties),
  ]);
  const types = Object.entries(schema.types).flatMap(([token, { properties, enum: values }]) => [
    `## ${plainName(token)}`,
    "",
    ...(properties === undefined
      ? [(values ?? []).map(({ value }) => `\`${JSON.stringify(value)}\``).join(", "), ""]
      : table(properties)),
  ]);
  return [
    "# Arguments, spec and outputs",
    "",
    "Generated from the docstrings by `npm run generate`.",
    "",
    ...resources,
    ...types,
  ].join("\n");
}

function table(properties: Readonly<Record<string, Property>>): string[] {
  const rows = Object.entries(properties).map(
    ([name, property]) =>
      `| \`${name}\`${property.optional === true ? "" : " (required)"} | ${typeName(property)} | ${(property.description ?? "").replaceAll("|", "\\|").replaceAll("\n", " ")} |`,
  );
  return ["| name | type | what it is |", "|---|---|---|", ...rows, ""];
}

function typeName({ type, $ref, items, additionalProperties }: Property): string {
  if ($ref !== undefined) return plainName($ref);
  if (items !== undefined) return `list of ${typeName(items)}`;
  if (additionalProperties !== undefined) return `map of ${typeName(additionalProperties)}`;
  return type ?? "any";
}
