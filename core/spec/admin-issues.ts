import type { Issue } from "../issue";
import { networkFault, widthFault } from "./fields";

/** Admin networks that are too wide, read before the rest of the spec is known to be sound, so that they are named beside it. */
export function adminIssues(input: unknown): Issue[] {
  const admins = typeof input === "object" && input !== null && "admins" in input ? input.admins : undefined;
  if (!Array.isArray(admins) || admins.length > mostJudged) return [];
  return admins.flatMap((network: unknown, index) => {
    if (typeof network !== "string" || networkFault(network, "any", 0) !== undefined) return [];
    const message = widthFault(network);
    return message === undefined ? [] : [{ path: `admins.${index}`, message, protection: "network/require-admin-ssh" }];
  });
}

/** A longer list is refused for its length. */
const mostJudged = 100;
