import * as pulumi from "@pulumi/pulumi";
import { operatorPolicy } from "./operator-policy";
import type { AwsPart } from "./part";

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
  const policy = pulumi
    .all([partition, region, accountId, instanceId, document.arn, keyArn] as const)
    .apply(([arnPartition, arnRegion, account, instance, documentArn, key]) =>
      operatorPolicy({
        partition: arnPartition,
        region: arnRegion,
        accountId: account,
        instanceId: instance,
        documentArn,
        keyArn: key,
      }),
    );
  return { command, operatorPolicy: pulumi.jsonStringify(policy) };
}
