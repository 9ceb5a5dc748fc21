import { above, type Attack } from "./attack";
import { asteriskPid, officeAddress, onTarget, withStolen } from "./insider";
import { useTool } from "./stranger";
import type { Target } from "./target";

/** Resident memory of Asterisk, in MB. */
async function memory(target: Target): Promise<number> {
  const status = await onTarget(target, "cat", `/proc/${await asteriskPid(target)}/status`);
  return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024);
}

/** Messages that are too large or never end, from inside a listed network; phones call each other meanwhile. */
export const oversized: Attack = {
  name: "oversized",
  what: "sends SIP in datagrams of up to 65,000 bytes, 3,000 fragments without a whole, and a TCP stream without an end, from a listed network",
  measures: "restarts of Asterisk and failed calls",
  goal: "0",
  weak: [],
  run: (target) =>
    withStolen(target, 2, async (caller, called) => {
      const [pid, before] = [await asteriskPid(target), await memory(target)];
      const job = { address: officeAddress(target, 8), target: target.address };
      const running = { over: false };
      const attack = useTool<Record<string, number>>(target, "oversized.py", job, "office").finally(
        () => (running.over = true),
      );
      let [calls, failed] = [0, 0];
      while (!running.over || calls < 3) {
        const call = await caller.call(called.account.number, { patience: 2_000 });
        calls += 1;
        failed += Number(call.status !== 200);
        await caller.hangUp(call);
      }
      const sent = await attack;
      const restarted = (await asteriskPid(target)) !== pid;
      const grown = `memory ${before} → ${await memory(target)} MB`;
      return above(
        0,
        failed + Number(restarted),
        `${failed} of ${calls} calls failed; ${JSON.stringify(sent)}; ${grown}`,
      );
    }),
};
