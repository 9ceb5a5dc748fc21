import { join } from "node:path";
import { inNamespace, run } from "../../../sandbox/command";
import { endProcess, startInNamespace, waitUntil, type PeerProcess } from "../peers/peer-process";

const script = (name: string) => ["python3", "-B", join(__dirname, `${name}.py`)];

/** Runs one of this folder's scripts in a namespace with an order and returns what it prints last; raises a `CommandError`. */
export async function useTool<T>(namespace: string, name: string, order: object): Promise<T> {
  const argv = ["setpriv", "--pdeathsig", "KILL", "--", ...script(name)];
  const said = await run(inNamespace(namespace, argv), { input: JSON.stringify(order), timeout: 120_000 });
  return JSON.parse(said.trim().split("\n").at(-1) ?? "") as T;
}

/** A script that goes on after its first report. */
export interface RunningTool<T> {
  readonly first: T;
  /** What it prints when it ends by itself. */
  readonly rest: () => Promise<unknown>;
  readonly stop: () => Promise<void>;
}

/** Starts a script and returns when it has printed its first line; raises when it ends without one, or is silent for `patience` milliseconds. */
export async function startTool<T>(
  namespace: string,
  name: string,
  order: object,
  patience = 60_000,
): Promise<RunningTool<T>> {
  const tool: PeerProcess = startInNamespace(namespace, script(name));
  let said = "";
  let trouble = "";
  tool.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  tool.stderr.setEncoding("utf8").on("data", (text: string) => (trouble = (trouble + text).slice(-1000)));
  tool.stdin.end(JSON.stringify(order));
  const lines = () => said.split("\n").slice(0, -1);
  const waitLines = (count: number) =>
    waitUntil(
      () => lines().length >= count || tool.exitCode !== null,
      patience,
      () => `${name} is silent: ${trouble}`,
    );
  await waitLines(1);
  if (lines().length === 0) throw new Error(`${name} said nothing: ${trouble}`);
  return {
    first: JSON.parse(lines()[0] ?? "") as T,
    rest: () => waitLines(2).then(() => JSON.parse(lines()[1] ?? "null") as unknown),
    stop: () => endProcess(tool),
  };
}
