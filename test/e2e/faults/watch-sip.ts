import path from "node:path";
import type { Sandbox } from "../../../sandbox/sandbox";
import { endProcess, startInNamespace } from "../peers/peer-process";

/** One round of questions about SIP, at `at` seconds since 1970: UDP OPTIONS to 5060, TCP to 5060 and to 5061. */
export interface SipRound {
  readonly at: number;
  readonly answers: readonly string[];
}

/**
 * Has the attacker ask a host for SIP all the while `work` goes on: see `watch-sip.py`. `work` is handed the rounds as they come,
 * the first one before it begins. Returns them all.
 */
export async function watchSip(
  { namespaces, addresses }: Sandbox,
  target: string,
  work: (rounds: readonly SipRound[]) => Promise<void>,
): Promise<readonly SipRound[]> {
  const argv = ["python3", "-B", path.join(__dirname, "watch-sip.py"), target, ...addresses.attacker];
  const watcher = startInNamespace(namespaces.attacker, argv);
  const rounds: SipRound[] = [];
  let [rest, complaint] = ["", ""];
  const begun = new Promise<void>((resolve, reject) => {
    watcher.stdout.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      rounds.push(...lines.map((line) => JSON.parse(line) as SipRound));
      resolve();
    });
    watcher.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
    watcher.once("exit", () => {
      reject(new Error(`the watcher ended: ${complaint}`));
    });
  });
  try {
    await begun;
    await work(rounds);
  } finally {
    watcher.stdin.end("stop");
    await endProcess(watcher, 5_000);
  }
  return rounds;
}
