import { readFileSync } from "node:fs";
import path from "node:path";
import * as aws from "@pulumi/aws";
import { packageRoot } from "../read-templates";
import type { AwsPart } from "./part";

const sha256 = "[0-9a-f]{64}";

/** What the document is told by the association; all else in it never changes. */
export const deliveryParameters = {
  Bucket: { description: "bucket of the artefacts", allowedPattern: "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$" },
  Agent: { description: "sha256 of the agent", allowedPattern: `^${sha256}$` },
  Bundle: { description: "sha256 of the bundle", allowedPattern: `^${sha256}$` },
  Generation: { description: "name of this configuration", allowedPattern: "^[0-9a-f]{32}$" },
  Secret: {
    description: "ARN of the secret",
    allowedPattern: "^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]{1,519}$",
  },
  SecretVersion: { description: "version of the secret", allowedPattern: "^[A-Za-z0-9-]{32,64}$" },
  Address: { description: "address the outside sees", allowedPattern: "^[0-9]{1,3}(\\.[0-9]{1,3}){3}$" },
} as const;

/** Names of {@link deliveryParameters}. */
export type DeliveryParameter = keyof typeof deliveryParameters;

const word = (name: DeliveryParameter) => `'{{ ${name} }}'`;

/** The lines the host's shell runs. Every parameter's pattern keeps its value a plain word between these quotes. */
export function deliveryScript(): string[] {
  const dist = path.join(packageRoot(), "dist");
  const fetchAgent = readFileSync(path.join(dist, "fetch-agent.py.txt"), "utf8").trimEnd();
  const words = [
    word("Bucket"),
    word("Agent"),
    ...[`--bundle ${word("Bundle")}`, `--generation ${word("Generation")}`, `--secret ${word("Secret")}`],
    ...[`--version ${word("SecretVersion")}`, `--address ${word("Address")}`],
  ];
  return [`exec python3 -I - ${words.join(" ")} <<'PYTHON'`, ...fetchAgent.split("\n"), "PYTHON"];
}

/** The text of the document, schema 2.2. */
export function deliveryContent(): string {
  const parameters = Object.entries(deliveryParameters).map(([name, facts]) => [name, { type: "String", ...facts }]);
  return JSON.stringify(
    {
      schemaVersion: "2.2",
      description:
        "Puts the announced agent in place, which fetches, verifies, activates and confirms a configuration.",
      parameters: Object.fromEntries(parameters) as unknown,
      mainSteps: [
        {
          action: "aws:runShellScript",
          name: "deliver",
          precondition: { StringEquals: ["platformType", "Linux"] },
          inputs: { timeoutSeconds: "3600", runCommand: deliveryScript() },
        },
      ],
    },
    undefined,
    1,
  );
}

/** The document that delivers: one text for every configuration, because changing a document is what goes wrong at AWS. */
export function deliveryDocument(part: AwsPart): aws.ssm.Document {
  return new aws.ssm.Document(
    `${part.name}-deliver`,
    {
      name: part.named("document", "deliver"),
      documentType: "Command",
      documentFormat: "JSON",
      targetType: "/AWS::EC2::Instance",
      content: deliveryContent(),
      tags: part.tags,
    },
    { parent: part.parent },
  );
}
