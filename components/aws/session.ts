import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AwsPart } from "./part";
import type { PolicyStatement } from "./policy-statement";

/** What sessions are encrypted with and written to. */
export interface SessionArgs {
  /** ARN of the key. */
  readonly keyArn: pulumi.Input<string>;
  readonly logGroup: { readonly name: pulumi.Input<string>; readonly arn: pulumi.Input<string> };
}

/** How a person gets a shell on the host. */
export interface Session {
  readonly document: aws.ssm.Document;
  /** What the host needs for it. */
  readonly statements: readonly PolicyStatement[];
}

const idleMinutes = 20;
const longestMinutes = 60;

/** The preferences of Session Manager for this host: encrypted end to end, and written down as they go. */
export function session(part: AwsPart, { keyArn, logGroup }: SessionArgs): Session {
  const document = new aws.ssm.Document(
    `${part.name}-session`,
    {
      name: part.named("document", "session"),
      documentType: "Session",
      documentFormat: "JSON",
      content: pulumi.jsonStringify({
        schemaVersion: "1.0",
        description: "A shell on the PBX; what is typed and shown is logged.",
        sessionType: "Standard_Stream",
        inputs: {
          kmsKeyId: keyArn,
          cloudWatchLogGroupName: logGroup.name,
          cloudWatchEncryptionEnabled: true,
          cloudWatchStreamingEnabled: true,
          idleSessionTimeout: `${idleMinutes}`,
          maxSessionDuration: `${longestMinutes}`,
          runAsEnabled: false,
          runAsDefaultUser: "",
          s3BucketName: "",
          s3KeyPrefix: "",
          s3EncryptionEnabled: true,
          shellProfile: { linux: "", windows: "" },
        },
      }),
      tags: part.tags,
    },
    { parent: part.parent },
  );
  return { document, statements: statements(part, keyArn, logGroup.arn) };
}

function statements(
  { partition, region, accountId }: AwsPart,
  keyArn: pulumi.Input<string>,
  groupArn: pulumi.Input<string>,
): PolicyStatement[] {
  return [
    { Sid: "SessionKey", Effect: "Allow", Action: ["kms:Decrypt"], Resource: keyArn },
    {
      Sid: "SessionLog",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
      Resource: [groupArn, pulumi.interpolate`${groupArn}:*`],
    },
    {
      // The agent looks whether the group is encrypted before it writes there, and can ask for nothing narrower.
      Sid: "SessionLogIsEncrypted",
      Effect: "Allow",
      Action: ["logs:DescribeLogGroups"],
      Resource: pulumi.interpolate`arn:${partition}:logs:${region}:${accountId}:log-group:*`,
    },
  ];
}
