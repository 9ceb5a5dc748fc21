import type { IamPolicy } from "./deploy-policy";

/** What operators open sessions with. */
export interface OperatorPolicyArgs {
  /** Second field of ARNs, for example `aws`. */
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly instanceId: string;
  /** ARN of the session document, whose sessions are logged. */
  readonly documentArn: string;
  /** ARN of the key that sessions are encrypted with. */
  readonly keyArn: string;
}

/** Sessions on one machine by one document, and nothing else. */
export function operatorPolicy(args: OperatorPolicyArgs): IamPolicy {
  const { partition, region, accountId, instanceId, documentArn, keyArn } = args;
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "LoggedSessions",
        Effect: "Allow",
        Action: ["ssm:StartSession"],
        Resource: [`arn:${partition}:ec2:${region}:${accountId}:instance/${instanceId}`, documentArn],
        // Without it AWS checks no document when the caller names none, and the statement allows sessions that are not logged.
        Condition: { BoolIfExists: { "ssm:SessionDocumentAccessCheck": "true" } },
      },
      {
        Sid: "OwnSessions",
        Effect: "Allow",
        Action: ["ssm:ResumeSession", "ssm:TerminateSession", "ssmmessages:OpenDataChannel"],
        Resource: [`arn:${partition}:ssm:${region}:${accountId}:session/\${aws:userid}-*`],
      },
      { Sid: "SessionKey", Effect: "Allow", Action: ["kms:GenerateDataKey"], Resource: [keyArn] },
    ],
  };
}
