import * as aws from "@pulumi/aws";
import type { Notifications } from "./notifications";
import type { AwsPart } from "./part";

/** From which on somebody is told. */
export interface BudgetArgs {
  /** US dollars a month that the whole account may cost. */
  readonly monthlyUsd: number;
  readonly notifications: Notifications;
}

/** Tells when the account's month costs more than 80 % of what is expected, has cost all of it, or will. A budget stops nothing. */
export function budget(part: AwsPart, { monthlyUsd, notifications }: BudgetArgs): aws.budgets.Budget {
  const { name, parent, tags } = part;
  const told = (notificationType: "ACTUAL" | "FORECASTED", threshold: number) => ({
    notificationType,
    threshold,
    thresholdType: "PERCENTAGE",
    comparisonOperator: "GREATER_THAN",
    subscriberSnsTopicArns: [notifications.topicArn],
  });
  return new aws.budgets.Budget(
    `${name}-budget`,
    {
      name: part.named("budget"),
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: String(monthlyUsd),
      limitUnit: "USD",
      notifications: [told("ACTUAL", 80), told("ACTUAL", 100), told("FORECASTED", 100)],
      tags,
    },
    { parent },
  );
}
