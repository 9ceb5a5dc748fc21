import type { Account, Target } from "./target";
import { officeAddress } from "./insider";
import { above, type Attack } from "./attack";
import { useTool } from "./stranger";

/** What no header of ours holds: whoever is shown it was shown what the phone forged. */
const boss = "TheBoss";

/** The cause of release that the phone claims in Reason; a call that a phone ends has cause 16. */
const claimedCause = "cause=21";

/** What `tools/forged_headers.py` prints. */
interface Report {
  readonly answers: Readonly<Record<string, number | null>>;
  readonly received: Readonly<Record<string, readonly string[]>>;
}

/** An account as `tools/agent.py` uses it, from an address in the office at which no phone stands. */
export function agentJob(target: Target, { user, password, number, door }: Account, place: number): object {
  const source = officeAddress(target, place);
  return { door: { ...door, source, host: target.address }, user, password, extension: number };
}

/** Names of the headers in `message` that hold what the phone forged. */
function forgedIn(message: string): string[] {
  const lines = message.split(/\r?\n/).slice(1);
  const forged = lines.filter((line) => line.includes(boss) || (/^Reason:/i.test(line) && line.includes(claimedCause)));
  return forged.map((line) => line.replace(/:.*/, ""));
}

/** Puts another's name into every header that identifies, in every request of a call, to a phone and to the carrier. */
export const forgedHeaders: Attack = {
  name: "forged-headers",
  what: "puts a third one's name into Diversion, History-Info, Call-Info, Alert-Info, Reason, User-to-User, Referred-By and 15 other headers of INVITE, UPDATE, re-INVITE, BYE, CANCEL, 302 and REFER, to a phone and to the carrier",
  measures: "forged headers that a phone or the carrier was shown",
  goal: "0",
  weak: ["tutorial22"],
  sample: true,
  run: async (target) => {
    const phones = target.stolen.slice(0, 2).map((account, place) => agentJob(target, account, place));
    const before = (await target.carrier.trace()).length;
    const job = { host: target.address, boss, outside: "0312345670", phones };
    const { answers, received } = await useTool<Report>(target, "forged_headers.py", job, "office");
    for (const step of ["INVITE", "re-INVITE", "BYE", "outside"])
      if (answers[step] !== 200)
        throw new Error(`${step} was answered ${answers[step] ?? "not at all"}: nothing tried`);
    const shown = Object.entries(received).flatMap(([step, texts]) =>
      texts.flatMap(forgedIn).map((header) => `${header} in ${step}`),
    );
    const toCarrier = (await target.carrier.trace()).slice(before).split(/^-{20,}.*$/m);
    const carrier = toCarrier.flatMap((text) => forgedIn(text.replace(/^[\s\S]*?(?=^[A-Z]+ sip:)/m, "")));
    const all = [...shown, ...carrier.map((header) => `${header} to the carrier`)];
    return above(0, all.length, [...new Set(all)].join(", "));
  },
};
