import * as pulumi from "@pulumi/pulumi";

type Texts = pulumi.Input<string> | readonly pulumi.Input<string>[];

/** One thing that an identity may do, in the words of IAM's policy language. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: Texts;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, Texts>>>>;
}

/** One thing that somebody may or may not do to the resource whose policy it stands in. */
export interface ResourceStatement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal: Readonly<Record<string, Texts>>;
  readonly Action: string | readonly string[];
  /** Absent in the trust of a role, which is about the role itself. */
  readonly Resource?: Texts;
  readonly Condition?: PolicyStatement["Condition"];
}

/** What an identity may do without a condition. */
export function allow(Sid: string, Action: readonly string[], Resource: Texts): PolicyStatement {
  return { Sid, Effect: "Allow", Action, Resource };
}

/** Refuses the action to everybody who asks for it without TLS. */
export function tlsOnly(action: string, resource: Texts): ResourceStatement {
  return {
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: { AWS: "*" },
    Action: action,
    Resource: resource,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}

/** The text of a policy. */
export function policyDocument(statements: readonly (PolicyStatement | ResourceStatement)[]): pulumi.Output<string> {
  return pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements });
}
