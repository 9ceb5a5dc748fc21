import { runSimulation } from "@cloud-copilot/iam-simulate";

const account = "123456789012";

/** A key's own policy that leaves the decision to the account's policies, as that of the component does. */
const keyPolicy = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "kms:*", Resource: "*" }],
};

/** Who asks, beside what he may do. */
export interface Asking {
  /** Default: a user. */
  readonly principal?: string;
  /** Whether the resource is a key, which has a policy of its own. Default: it is not. */
  readonly key?: boolean;
}

/** What IAM says to somebody who has the policies and nothing else, by an evaluator that is not ours. */
export async function decision(
  policies: readonly object[],
  action: string,
  resource: string,
  contextVariables: Record<string, string> = {},
  { principal = "user/deployer", key = false }: Asking = {},
) {
  const outcome = await runSimulation(
    {
      request: {
        principal: `arn:aws:iam::${account}:${principal}`,
        action,
        resource: { resource, accountId: account },
        contextVariables,
      },
      identityPolicies: policies.map((policy, at) => ({ name: `policy-${at}`, policy })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(key ? { resourcePolicy: keyPolicy } : {}),
    },
    {},
  );
  if (outcome.resultType === "error") throw new Error(`${action} on ${resource}: ${JSON.stringify(outcome.errors)}`);
  return outcome.overallResult;
}
