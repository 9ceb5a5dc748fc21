import type { Account, Target } from "./target";
import { agentJob } from "./forged-headers";
import { above, type Attack } from "./attack";
import { useTool } from "./stranger";

/** What `tools/takeover.py` prints. */
interface Report {
  readonly victim: number | null;
  readonly answer: number | null;
  readonly lost: boolean;
  readonly taken: boolean;
}

/** The colleague, and two phones that may call extensions only. */
interface Cast {
  readonly over: string;
  readonly phones: readonly Account[];
}

interface Attempt {
  readonly how: "invite" | "refer";
  readonly spelling: string;
  readonly pad: number;
}

/** By which request the call is named, in which spelling and with how many characters more than needed. */
const attempts: readonly Attempt[] = [
  { how: "invite", spelling: "Replaces", pad: 0 },
  { how: "refer", spelling: "Replaces", pad: 0 },
  { how: "refer", spelling: "%52eplaces", pad: 0 },
  { how: "refer", spelling: "replaces", pad: 5000 },
];

/** On the hardened host over UDP and with the thief over TLS; the phones of a twin all use UDP. */
function castsOf({ accounts, stolen }: Target): Cast[] {
  // The lobby over UDP, the desk over TCP.
  const inside = accounts.filter(({ number }) => number === "106" || number === "105").reverse();
  const onRoad = accounts.filter(({ roaming }) => roaming);
  const [victim] = stolen;
  if (victim === undefined) throw new Error("no phone that may dial outside");
  const [first, second] = accounts.filter((account) => account !== victim);
  if (onRoad.length === 0) return [{ over: "udp", phones: [victim, first, second].filter((one) => one !== undefined) }];
  return [
    { over: "udp", phones: [victim, ...inside] },
    { over: onRoad[0]?.door.over ?? "", phones: [victim, ...onRoad.slice(0, 1), ...inside.slice(1)] },
  ];
}

async function takenOver(target: Target, tried: readonly Attempt[]): Promise<string[]> {
  const taken: string[] = [];
  for (const { over, phones } of castsOf(target))
    for (const attempt of tried) {
      const jobs = phones.map((account, place) => agentJob(target, account, place));
      const job = { ...attempt, host: target.address, outside: "0312345670", any: phones[2]?.number, phones: jobs };
      const report = await useTool<Report>(target, "takeover.py", job, "office");
      if (report.victim !== 200) throw new Error(`the colleague's call was answered ${report.victim ?? "not at all"}`);
      if (report.taken) taken.push(`${attempt.how} ${attempt.spelling} +${attempt.pad} over ${over}`);
    }
  return taken;
}

/** Takes a colleague's call to the outside over, knowing the ids of its dialog, by INVITE or REFER with Replaces. */
export const callTakeover: Attack = {
  name: "call-takeover",
  what: "takes, with a phone that may call extensions only, a colleague's call to the outside over by INVITE with Replaces and by REFER with Replaces, over UDP and TLS, with the ids of the dialog known",
  measures: "calls taken over",
  goal: "0",
  weak: ["tutorial22"],
  sample: true,
  run: async (target) => {
    const taken = await takenOver(target, attempts);
    return above(0, taken.length, taken.join(", "));
  },
};

/** The same by an INVITE whose Replaces is longer than Asterisk compares with `match_header`. */
export const longTakeover: Attack = {
  name: "call-takeover-long-header",
  what: "takes a colleague's call to the outside over by INVITE with a Replaces of 5,000 characters more than needed",
  measures: "calls taken over",
  goal: "0",
  weak: ["tutorial22"],
  unmet:
    "over TCP and TLS, Asterisk 22.10 compares no header above 4,095 characters with match_header, and has no other setting that refuses INVITE with Replaces",
  run: async (target) => {
    const taken = await takenOver(target, [{ how: "invite", spelling: "Replaces", pad: 5000 }]);
    return above(0, taken.length, taken.join(", "));
  },
};
