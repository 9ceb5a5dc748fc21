import { runSimulation } from "@cloud-copilot/iam-simulate";

/** What IAM says to somebody who has the policies and nothing else, by an evaluator that is not ours. */
export async function decision(
  policies: readonly object[],
  action: string,
  resource: string,
  contextVariables: Record<string, string> = {},
) {
  const outcome = await runSimulation(
    {
      request: {
        principal: "arn:aws:iam::123456789012:user/deployer",
        action,
        resource: { resource, accountId: "123456789012" },
        contextVariables,
      },
      identityPolicies: policies.map((policy, at) => ({ name: `deploy-${at}`, policy })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (outcome.resultType === "error") throw new Error(`${action} on ${resource}: ${JSON.stringify(outcome.errors)}`);
  return outcome.overallResult;
}
