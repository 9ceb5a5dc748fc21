import { join } from "node:path";
import { asAsterisk } from "./as-asterisk";
import { above, type Attack, type Outcome } from "./attack";
import { onTarget, reachedCarrier } from "./insider";
import { endProcess, startInNamespace } from "../peers/peer-process";
import { freshSource, type Target } from "./target";

type Deeds = Readonly<Record<string, string>>;

/** Everything `compromised.py` tries, as the attacked host's Asterisk, with somebody outside who waits for its call. */
async function takeOver(target: Target): Promise<Deeds> {
  const place = { address: freshSource(target), port: 4444 };
  const script = join(__dirname, "tools/listener.py");
  const listener = startInNamespace(target.sandbox.namespaces.attacker, ["python3", "-B", script]);
  try {
    const listening = new Promise((resolve) => listener.stdout.once("data", resolve));
    listener.stdin.write(`${JSON.stringify(place)}\n`);
    await listening;
    return await asAsterisk<Deeds>(target, "compromised.py", [place.address, String(place.port), target.trunk]);
  } finally {
    listener.stdin.end();
    await endProcess(listener, 1_000);
  }
}

function judge(deeds: Deeds, wanted: (deed: string) => boolean): Outcome {
  const own = Object.entries(deeds).filter(([deed]) => wanted(deed));
  const done = own.filter(([, outcome]) => outcome === "done").map(([deed]) => deed);
  return above(0, done.length, `of ${own.length}: ${done.join("; ") || "none"}`);
}

const outward = (deed: string) => deed.startsWith("call home");

/** Somebody who runs code as Asterisk turns to the owner's money, passwords and dialplan. */
export const postCompromise: Attack = {
  name: "post-compromise",
  what: "as the user asterisk in Asterisk's own unit: reads passwords, places premium calls by manager, call file and console, loads modules, writes dialplan and AGI programs",
  measures: "deeds that worked",
  goal: "0",
  weak: ["tutorial22"],
  run: async (target) => {
    let deeds: Deeds = {};
    const reached = await reachedCarrier(target, async () => (deeds = await takeOver(target)));
    await unload(target);
    const outcome = judge(deeds, (deed) => !outward(deed));
    return { ...outcome, note: `${outcome.note ?? ""}; ${reached.length} premium calls reached the carrier` };
  },
};

/** Somebody who runs code as Asterisk connects to a machine of theirs. */
export const callHome: Attack = {
  name: "call-home",
  what: "as the user asterisk in Asterisk's own unit: connects to a machine of the attacker's, over TCP and UDP",
  measures: "connections made",
  goal: "0",
  weak: ["tutorial22"],
  run: async (target) => {
    const outcome = judge(await takeOver(target), outward);
    await unload(target);
    return outcome;
  },
};

/** What was loaded must not help the attacks that follow. The twin had it all before. */
async function unload(target: Target): Promise<void> {
  if (target.name !== "hardened") return;
  for (const module of ["app_system.so", "res_clioriginate.so"])
    await onTarget(target, "asterisk", "-rx", `module unload ${module}`);
}
