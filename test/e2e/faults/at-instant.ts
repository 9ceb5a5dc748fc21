import { readFileSync } from "node:fs";
import path from "node:path";
import { CommandError } from "../../../sandbox/command";
import { execOn, type Sandbox } from "../../../sandbox/sandbox";

const script = readFileSync(path.join(__dirname, "at-instant.py"), "utf8");

/** What is done at an instant of an activation: see `at-instant.py`. */
export type What = "kill" | "cut" | "tell" | "swap" | "watch";

/** What came of it. */
export interface Struck {
  /** Whether the activation still ran. */
  readonly ran: boolean;
  /** Milliseconds the activation took; null when it still ran. */
  readonly length: number | null;
  /** Phase of the transaction right after, null when there was none. */
  readonly phase: string | null;
}

/** Waits for the next activation on the host; see {@link lieInWait}. */
export interface Ambush {
  /** Fulfilled at the instant, for `tell` and `swap`; rejected when no activation began. */
  readonly now: Promise<void>;
  readonly struck: Promise<Struck>;
}

/** Has a process on the host do `what` so many milliseconds after the next activation has begun. Returns once it waits. */
export async function lieInWait(sandbox: Sandbox, what: What, milliseconds: number): Promise<Ambush> {
  const argv = ["python3", "-", what, `${milliseconds}`];
  let said = "";
  const heard = new Map<string, () => void>();
  const hear = (word: string) => new Promise<void>((resolve) => heard.set(word, resolve));
  const [ready, now] = [hear("ready"), hear("now")];
  const onOutput = (text: string) => {
    said += text;
    for (const [word, resolve] of heard) if (said.split("\n").includes(word)) resolve();
  };
  const struck = execOn(sandbox, "pbx", argv, { input: script, timeout: 240_000, onOutput }).then((result) => {
    if (result.code !== 0) throw new CommandError(argv, result);
    return JSON.parse(result.stdout.trim().split("\n").at(-1) ?? "") as Struck;
  });
  await Promise.race([ready, struck]);
  const late = struck.then(() => Promise.reject(new Error("nothing was told")));
  const told = Promise.race([now, late]);
  // Whoever does not ask for the instant learns of a failure from `struck`.
  told.catch(() => undefined);
  return { now: told, struck };
}
