import { join } from "node:path";
import { inNamespace, run } from "../../../sandbox/command";
import type { Role } from "../../../sandbox/layout";
import { doors, freshSource, type Door, type Target } from "./target";

/** One request; what it holds is neither checked nor escaped, and texts are bytes written as Latin-1. */
export interface Order {
  readonly method: string;
  readonly uri: string;
  /** The From header; a tag is added where it has none. */
  readonly from: string;
  readonly to?: string;
  readonly callId?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** `{address}` stands for the sender's address. */
  readonly body?: string;
  /** With these a challenge is answered. */
  readonly credentials?: { readonly user: string; readonly password: string };
  /** Seconds a call that was let in is held before it is hung up. Default: 0. */
  readonly talk?: number;
}

/** What came back. A `status` of null is silence. */
export interface Reply {
  readonly status: number | null;
  readonly reason: string;
  readonly provisional: readonly number[];
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /** Milliseconds until the first final answer; null for silence. */
  readonly ms: number | null;
  readonly challenged: boolean;
}

/** How {@link askAll} asks. */
export interface Asking {
  /** Default: a fresh address of the attacker. */
  readonly source?: string;
  /** Default: any that is free. */
  readonly sourcePort?: number;
  /** The namespace it asks from. Default: `attacker`. */
  readonly place?: Role;
  /** Seconds to wait for each answer. Default: 1. */
  readonly patience?: number;
  /** Lines that ask at the same time. Default: 8. */
  readonly workers?: number;
  /** Silences in a row after which a line gives up. Default: 3. */
  readonly giveUp?: number;
}

const tool = (name: string) => join(__dirname, "tools", name);

/** Runs one of `tools/` in a namespace with a job as its input, and reads what it prints; raises a `CommandError`. */
export async function useTool<T>(
  target: Pick<Target, "sandbox">,
  name: string,
  job: unknown,
  role: Role = "attacker",
): Promise<T> {
  const namespace = target.sandbox.namespaces[role] ?? "";
  const argv = ["setpriv", "--pdeathsig", "KILL", "--", "python3", "-B", tool(name)];
  return JSON.parse(await run(inNamespace(namespace, argv), { input: JSON.stringify(job), timeout: 1_200_000 })) as T;
}

/** Asks everything through one door, from one address; a reply for each order, in their order. */
export function askAll(
  target: Target,
  door: Door,
  orders: readonly Order[],
  {
    source = freshSource(target),
    sourcePort = 0,
    place = "attacker",
    patience = 1,
    workers = 8,
    giveUp = 3,
  }: Asking = {},
): Promise<Reply[]> {
  const job = { door: { ...door, source, sourcePort, host: target.address }, patience, giveUp, workers, orders };
  return useTool<Reply[]>(target, "exchange.py", job, place);
}

/** Asks everything through every door, each from a fresh address. */
export async function askEverywhere(
  target: Target,
  orders: readonly Order[],
  asking: Asking = {},
): Promise<{ door: Door; replies: Reply[] }[]> {
  return Promise.all(doors.map(async (door) => ({ door, replies: await askAll(target, door, orders, asking) })));
}

/** Sends packets with forged source addresses to the target's UDP port 5060, 10 ms apart. */
export async function forge(
  target: Pick<Target, "sandbox" | "address">,
  packets: readonly { source: string; sourcePort: number; text: string }[],
): Promise<void> {
  await useTool(target, "forge.py", { host: target.address, port: 5060, gap: 0.01, packets });
}

/** Whether an INVITE was let in: it rang, or was answered. */
export function letIn({ status, provisional }: Reply): boolean {
  return (status !== null && status >= 200 && status < 300) || provisional.some((one) => one > 100);
}

/** Audio that a caller offers. */
export const offer = {
  headers: { "Content-Type": "application/sdp" },
  body: [
    ...["v=0", "o=- 1 1 IN IP4 {address}", "s=-", "c=IN IP4 {address}", "t=0 0"],
    ...["m=audio 40000 RTP/AVP 0 8", "a=rtpmap:0 PCMU/8000", "a=rtpmap:8 PCMA/8000", ""],
  ].join("\r\n"),
} as const;

/** How a guesser works: challenge by challenge, sending on without waiting for answers, or once in a while. */
export type Guessing = "sequential" | "pipelined" | "slow";

/** What guessing came to. */
export interface Guesses {
  readonly sent: number;
  /** Guesses the PBX judged; silence judges none. */
  readonly answered: number;
  readonly found: boolean;
  readonly seconds: number;
}

/** Guesses one user's password from every source at the same time, `tries` each, `pause` seconds apart when slow; see `tools/guess.py`. */
export function guessPassword(
  target: Target,
  job: { sources: readonly string[]; door: Door; user: string; tries: number; how: Guessing; pause?: number },
): Promise<Guesses> {
  const { sources, door, user, tries, how, pause = 0 } = job;
  const all = sources.map((source) => ({ ...door, source, host: target.address }));
  return useTool<Guesses>(target, "guess.py", { doors: all, user, tries, how, pace: 1000, pause });
}
