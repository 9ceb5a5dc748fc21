import * as pulumi from "@pulumi/pulumi";
import type { AwsPart } from "./part";
import { policyDocument } from "./policy-statement";

/** What a session is opened with. */
export interface SessionAccessArgs {
  /** The session document, whose sessions are logged. */
  readonly document: { readonly name: pulumi.Input<string>; readonly arn: pulumi.Input<string> };
  readonly instanceId: pulumi.Input<string>;
  /** ARN of the key that sessions are encrypted with. */
  readonly keyArn: pulumi.Input<string>;
}

/** How an operator opens a session that is logged, and no other. */
export interface SessionAccess {
  /** Command of the AWS CLI. Without its `--document-name` AWS takes the account's own preferences, which may log nothing. */
  readonly command: pulumi.Output<string>;
  /** IAM policy in JSON for operators. */
  readonly operatorPolicy: pulumi.Output<string>;
}

/** Command and policy; makes nothing. */
export function sessionAccess(part: AwsPart, { document, instanceId, keyArn }: SessionAccessArgs): SessionAccess {
  const { partition, region, accountId } = part;
  const command = pulumi.interpolate`aws ssm start-session --region ${region} --target ${instanceId} --document-name ${document.name}`;
  const own = pulumi.interpolate`arn:${partition}:ssm:${region}:${accountId}:session/\${aws:userid}-*`;
  const operatorPolicy = policyDocument([
    {
      Sid: "LoggedSessions",
      Effect: "Allow",
      Action: ["ssm:StartSession"],
      Resource: [pulumi.interpolate`arn:${partition}:ec2:${region}:${accountId}:instance/${instanceId}`, document.arn],
      // Without it AWS checks no document when the caller names none, and the statement allows sessions that are not logged.
      Condition: { BoolIfExists: { "ssm:SessionDocumentAccessCheck": "true" } },
    },
    {
      Sid: "OwnSessions",
      Effect: "Allow",
      Action: ["ssm:ResumeSession", "ssm:TerminateSession", "ssmmessages:OpenDataChannel"],
      Resource: own,
    },
    { Sid: "SessionKey", Effect: "Allow", Action: ["kms:GenerateDataKey"], Resource: keyArn },
  ]);
  return { command, operatorPolicy };
}
