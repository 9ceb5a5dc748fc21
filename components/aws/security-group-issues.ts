import type { Issue } from "../../core/issue";
import { perimeterRules } from "../../core/bundle/perimeter";
import type { PbxProfile } from "../../core/profile/profile";
import { groupNames, securityGroupPlan, type GroupName, type PlannedRule } from "./security-group-plan";

/** Rules that a new account may have in one group and direction. */
const defaultRulesPerGroup = 60;

/** Groups times their rules: no account may have more on one network interface. */
const mostRulesOfInterface = 1000;

/** Where the networks of a group stand in the spec. */
const places: Readonly<Record<GroupName, string>> = {
  signalling: "trunks",
  media: "trunks",
  phones: "phones",
};

/** Rules as AWS counts them: a prefix list counts as its entries in every rule that is for it. */
function countedRules(rules: readonly PlannedRule[]): number {
  return rules.reduce((sum, { list }) => sum + (list?.networks.length ?? 1), 0);
}

/** Groups that would have more rules than the account takes, each with its numbers. */
export function securityGroupIssues(profile: PbxProfile, rulesPerGroup = defaultRulesPerGroup): Issue[] {
  if (!Number.isInteger(rulesPerGroup) || rulesPerGroup < 1 || rulesPerGroup > mostRulesOfInterface / groupNames.length)
    return [{ path: "securityGroupRules", message: limitMessage(rulesPerGroup) }];
  const plan = securityGroupPlan(perimeterRules(profile));
  return groupNames.flatMap((group) =>
    (["in", "out"] as const).flatMap((direction) => {
      const rules = plan.filter((rule) => rule.group === group && rule.direction === direction);
      const count = countedRules(rules);
      if (count <= rulesPerGroup) return [];
      const message = `the security group for ${group} would have ${count} ${direction}bound rules (${sumOf(rules)}), and the account takes ${rulesPerGroup}; join neighbouring networks, or have AWS raise quota L-0EA8095F and say so in securityGroupRules`;
      return [{ path: places[group], message }];
    }),
  );
}

function limitMessage(given: number): string {
  const most = Math.floor(mostRulesOfInterface / groupNames.length);
  return `must be a whole number from 1 to ${most}, because ${groupNames.length} groups may have ${mostRulesOfInterface} rules together; ${given} is not`;
}

function sumOf(rules: readonly PlannedRule[]): string {
  const listed = rules.flatMap(({ list }) => (list === undefined ? [] : [list]));
  const byList = new Map(listed.map((list) => [list.name, list]));
  const parts = [...byList.values()].map(
    ({ name, networks }) =>
      `${networks.length} networks of ${name} × ${listed.filter((l) => l.name === name).length} rules`,
  );
  const single = rules.length - listed.length;
  return [...parts, ...(single === 0 ? [] : [`${single} more`])].join(" + ");
}
