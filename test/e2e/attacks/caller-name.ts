import type { UserAgent } from "../peers/user-agent";
import { above, type Attack } from "./attack";
import { withStolen } from "./insider";

const boss = "The Boss";
const victim = "chairman";

/** Every header by which a phone can say who is calling, each with a user and a name that are not its own. */
function disguises(agent: UserAgent): { from?: string; headers?: Record<string, string> }[] {
  const { target, user } = agent.account;
  const someone = `"${boss}" <sip:${victim}@${target}>`;
  return [
    { from: `"${boss}" <sip:${user}@${target}>` },
    { headers: { "P-Asserted-Identity": someone } },
    { headers: { "P-Preferred-Identity": someone } },
    { headers: { "Remote-Party-ID": `${someone};party=calling;screen=yes;privacy=off` } },
    { headers: { Contact: `"${boss}" <sip:${victim}@${agent.socket.address}:${agent.socket.port}>` } },
  ];
}

/** Whether the called phone was shown what the caller pretended to be. */
async function believed(caller: UserAgent, called: UserAgent, disguise: object): Promise<boolean> {
  called.received.length = 0;
  await caller.hangUp(await caller.call(called.account.number, disguise));
  const [invite] = called.received;
  if (invite === undefined) throw new Error("the call did not reach the other phone, so nothing was tried");
  const names = ["from", "p-asserted-identity", "remote-party-id", "contact"];
  const told = names.flatMap((name) => invite.headers.get(name) ?? []);
  return told.some((value) => value.includes(boss) || value.includes(victim));
}

/** A phone calls another in the name of a third; what the called phone is shown decides. */
export const callerName: Attack = {
  name: "caller-name",
  what: "calls a phone from another in a third one's name, by five headers",
  measures: "disguises that the called phone was shown",
  goal: "0",
  weak: ["tutorial22"],
  sample: true,
  run: (target) =>
    withStolen(target, 2, async (caller, called) => {
      let shown = 0;
      const tried = disguises(caller);
      for (const disguise of tried) shown += Number(await believed(caller, called, disguise));
      return above(0, shown, `of ${tried.length}`);
    }),
};
