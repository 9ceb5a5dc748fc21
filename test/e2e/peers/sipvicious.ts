import { inNamespace, run, tryRun, type CommandResult } from "../../../sandbox/command";
import type { Stranger } from "./stranger";

/** What the public cracker found. */
export interface CrackResult {
  /** The password; undefined when none of the range was right, or the PBX stopped answering. */
  readonly password?: string;
  readonly output: string;
}

/**
 * Lets SIPVicious' svcrack (Debian package sipvicious) try the numbers `range`, such as "1000-1300", as passwords of
 * `user`, for at most `ms` milliseconds (default 20,000). svcrack cannot bind its source address (its -b is ignored), so
 * a host route gives it for that time: one run per namespace at once. A hit leaves svcrack's own binding with the PBX, so
 * take a user whose phone is not needed afterwards. Without a hit svcrack waits 10 s more. Raises when it cannot run.
 */
export async function crackWithSipvicious(
  stranger: Stranger,
  user: string,
  range: string,
  ms = 20_000,
): Promise<CrackResult> {
  const { target, port = 5060 } = stranger;
  const argv = ["svcrack", "-p", String(port), "-u", user, "-r", range, target];
  const result = await fromAddress(stranger, () =>
    tryRun(inNamespace(stranger.namespace, ["setpriv", "--pdeathsig", "KILL", "--", ...argv]), { timeout: ms }),
  );
  const output = `${result.stdout}${result.stderr}`;
  if (result.signal === null && result.code !== 0) throw new Error(`svcrack failed:\n${output.trim()}`);
  const password = readTable(result.stdout).get(user);
  return { output, ...(password === undefined ? {} : { password }) };
}

/**
 * Lets SIPVicious' svwar list the extensions of `range`, such as "100-199", by asking with `method`, for at most a minute. One
 * run per namespace at once, for the reason given at {@link crackWithSipvicious}. Raises when it cannot run.
 */
export async function listWithSipvicious(stranger: Stranger, method: string, range: string): Promise<string[]> {
  const { target, port = 5060 } = stranger;
  const argv = ["svwar", "-p", String(port), "-m", method, "-e", range, target];
  const result = await fromAddress(stranger, () =>
    tryRun(inNamespace(stranger.namespace, ["setpriv", "--pdeathsig", "KILL", "--", ...argv]), { timeout: 60_000 }),
  );
  if (result.signal === null && result.code !== 0)
    throw new Error(`svwar failed:\n${`${result.stdout}${result.stderr}`.trim()}`);
  return [...readTable(result.stdout).keys()];
}

/** Runs `work` while packets of the stranger's namespace to the target leave from the stranger's address. */
async function fromAddress(stranger: Stranger, work: () => Promise<CommandResult>): Promise<CommandResult> {
  const { namespace, target, address } = stranger;
  const ip = (...argv: string[]): Promise<string> => run(["ip", "-n", namespace, ...argv]);
  const [route] = JSON.parse(await ip("-j", "route", "get", target)) as { gateway?: string; dev: string }[];
  if (route === undefined) throw new Error(`no route from ${namespace} to ${target}`);
  const via = route.gateway === undefined ? ["dev", route.dev] : ["via", route.gateway, "dev", route.dev];
  await ip("route", "replace", `${target}/32`, ...via, "src", address);
  try {
    return await work();
  } finally {
    await ip("route", "del", `${target}/32`);
  }
}

/** Reads the table of svcrack or svwar, of two columns: extension, and password or what is asked for. */
export function readTable(output: string): Map<string, string> {
  const rows = [...output.matchAll(/^\|\s*(\S+)\s*\|\s*(\S+)\s*\|\s*$/gm)];
  return new Map(
    rows.flatMap(([, user, password]) => (user && password && user !== "Extension" ? [[user, password]] : [])),
  );
}
