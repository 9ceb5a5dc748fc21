import { execOn } from "../../../sandbox/sandbox";
import { askAll, type Order, type Reply } from "./stranger";
import type { Account, Target } from "./target";

/** Outside every closed numbering: Japanese numbers of the 0990 class cost the caller extra. */
export const premium = "0990123456";

/** An account whose phone is not started: whoever takes its place disturbs no customer. */
export function idleAccount(target: Target): Account {
  const account = target.accounts.at(-1);
  if (account === undefined) throw new Error(`${target.name} has no accounts`);
  return account;
}

/** Where stolen credentials are used: the office, from an address where no phone stands. */
export function officeSource(target: Target, index = 0): string {
  return target.sandbox.addresses.office.at(-1 - index) ?? "";
}

/** Asks with the credentials of an account, from the office. */
export function askAs(target: Target, account: Account, orders: readonly Order[]): Promise<Reply[]> {
  const { user, password, door } = account;
  const own = orders.map((order) => ({ ...order, credentials: { user, password } }));
  return askAll(target, door, own, {
    source: officeSource(target),
    place: "office",
    workers: 4,
    patience: 3,
    giveUp: 9,
  });
}

/** What the carrier was asked for while `work` ran and half a second longer. */
export async function askedOfCarrier<T>(
  target: Target,
  work: () => Promise<T>,
): Promise<{ result: T; numbers: string[] }> {
  const before = (await target.carrier.invites()).length;
  const result = await work();
  await new Promise((resolve) => setTimeout(resolve, 500));
  const numbers = (await target.carrier.invites()).slice(before).map(({ number }) => number);
  await hangUpAll(target);
  return { result, numbers };
}

/** Ends what calls are left on the target. */
export async function hangUpAll({ sandbox, host }: Target): Promise<void> {
  await execOn(sandbox, host, ["asterisk", "-rx", "channel request hangup all"]);
}
