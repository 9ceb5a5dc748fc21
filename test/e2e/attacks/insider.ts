import { execOn } from "../../../sandbox/sandbox";
import { UserAgent } from "../peers/user-agent";
import type { Account, Target } from "./target";

/** Numbers that cost the owner money: premium, mobile, abroad. None leaves the sandbox. */
export const costly = { premium: "0990123456", mobile: "09012345678", abroad: "010442071838750" };

/** What the carrier was asked to connect while `work` ran. */
export async function reachedCarrier({ carrier }: Target, work: () => Promise<unknown>): Promise<string[]> {
  const before = (await carrier.invites()).length;
  await work();
  return (await carrier.invites()).slice(before).map(({ number }) => number);
}

/**
 * Registers the first `count` stolen accounts from addresses in the office, runs `work`, and takes the bindings away again.
 * Raises when a password is not accepted: then nothing would have been tried.
 */
export async function withStolen<T>(
  target: Target,
  count: number,
  work: (...agents: UserAgent[]) => Promise<T>,
): Promise<T> {
  const agents: UserAgent[] = [];
  try {
    for (const [index, account] of target.stolen.slice(0, count).entries()) {
      const agent = await openStolen(target, account, index);
      agents.push(agent);
      const { status } = await agent.register();
      if (status !== 200) throw new Error(`${account.user} cannot register with ${target.address}: ${status}`);
    }
    return await work(...agents);
  } finally {
    for (const agent of agents) {
      await agent.register(0);
      await agent.close();
    }
  }
}

/** An address in the office at which no phone stands; `place` counts them. */
export function officeAddress({ sandbox }: Target, place: number): string {
  return sandbox.addresses.office.at(-2 - place) ?? "";
}

/** A user agent with a stolen account at {@link officeAddress}; not registered. */
export function openStolen(target: Target, account: Account, place: number): Promise<UserAgent> {
  const { user, password, number } = account;
  const namespace = target.sandbox.namespaces.office;
  return UserAgent.open({
    ...{ namespace, user, password, number },
    address: officeAddress(target, place),
    target: target.address,
  });
}

/** Output of a command that root runs on the attacked host, whatever its status. */
export async function onTarget({ sandbox, host }: Target, ...argv: string[]): Promise<string> {
  const { stdout, stderr } = await execOn(sandbox, host, argv);
  return stdout + stderr;
}

/** Process id of the attacked Asterisk. */
export async function asteriskPid(target: Target): Promise<string> {
  return (await onTarget(target, "systemctl", "show", "-p", "MainPID", "--value", "asterisk.service")).trim();
}
