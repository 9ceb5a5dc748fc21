import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { bootHost, execOn, killHost } from "../../sandbox/sandbox";
import { Installation } from "../../tools/operator/installation";
import { eventually } from "../e2e/faults/settled";
import { Bench, table, total, until } from "../e2e/firewall/bench";
import { LogReceiver } from "../e2e/logs/receiver";
import { configureShipping, lacking, writeLines, writtenStreams } from "../e2e/logs/shipping";
import { clearly, heard, outcomeOf, ring } from "../e2e/office-calls";
import { giveRoom, leaveRoom } from "./parts/disk-room";
import { say } from "./parts/long-bench";

const name = "testlongprotect";
const minutes = 60_000;
/** Minutes for which the receiver is away. */
const outage = Number(process.env.OUTAGE_MINUTES ?? 10);
let bench: Bench;
let receiver: LogReceiver;

beforeAll(async () => {
  if (!(outage > 0)) throw new Error("OUTAGE_MINUTES must be a number of minutes");
  bench = await Bench.open(name, 1, { twin: true });
  const { sandbox, stack } = bench.pbx;
  receiver = await LogReceiver.install(sandbox, path.join("/run", `hardened-asterisk-installation-${name}`, "ca"));
  await configureShipping(bench.pbx, receiver);
  await stack.up();
}, 6 * minutes);

afterAll(async () => {
  await bench.pbx.hangUp();
  await Installation.remove(name);
}, minutes);

/** Whether the table stands with its last rule. */
const whole = async () =>
  (await bench.try(...["nft", "list", "chain", ...table, "input"])).stdout.includes("goto refused");

/** Waits until two failures at SIP are banned again, and says how long that took. */
async function protectedAgain(what: string): Promise<void> {
  const started = Date.now();
  await until(whole, "the rules", minutes);
  const rules = Date.now() - started;
  await eventually(2 * minutes, async () => {
    const { code, stdout, stderr } = await bench.try("hardened-asterisk", "prove-bans");
    return code === 0 ? undefined : stdout + stderr;
  });
  say(`${what}: rules after ${rules} ms, a failure banned after ${Date.now() - started} ms`);
}

/** Waits for a line of a stream at the receiver. */
const arrives = (stream: string, pattern: string, before = 0) =>
  eventually(2 * minutes, async () =>
    (await receiver.count(stream, pattern)) > before ? undefined : `no ${pattern} in ${stream}`,
  );

/** A call that stands while `work` runs, and is heard to the end. */
async function throughout(work: () => Promise<void>): Promise<void> {
  const { reception, sales } = bench;
  await reception.call("102");
  await sales.waitEstablished(ring);
  await work();
  await reception.hangup();
  await sales.waitClosed(ring);
  for (const { share } of await heard(reception, sales)) expect(share).toBeGreaterThan(clearly);
}

/** The phones again, as after a power cut, when their registrations are looked for anew. */
async function callAgain(): Promise<void> {
  await eventually(2 * minutes, async () => {
    const outcome = await outcomeOf(bench.reception, "102").catch(String);
    return outcome === "put through" ? undefined : outcome;
  });
  await bench.sales.waitClosed(ring);
}

test(
  "the disk becomes full under attack: the call goes on, guesses stay bounded, and with room again bans come by themselves",
  async () => {
    // All hosts' files lie on one disk: the receiver's are put elsewhere.
    const elsewhere = "mount -t tmpfs tmpfs /var/log/pbx && systemctl restart rsyslog";
    expect((await execOn(bench.pbx.sandbox, "twin", ["sh", "-ec", elsewhere])).code).toBe(0);
    try {
      await throughout(async () => {
        await leaveRoom(name, 0);
        try {
          expect(total(await bench.guess({ sources: bench.fresh(1), connections: 5 }))).toBeLessThanOrEqual(10);
        } finally {
          await giveRoom(name);
        }
      });
      await protectedAgain("disk full");
      await arrives("shipper", "No space left on device");
    } finally {
      await execOn(bench.pbx.sandbox, "twin", ["sh", "-c", "systemctl stop rsyslog; umount /var/log/pbx"]);
      await receiver.start("receiver");
    }
  },
  6 * minutes,
);

test(
  "the power fails under attack: what answers after the boot is behind its firewall, old bans hold, calls work",
  async () => {
    const [banned = ""] = bench.fresh(1);
    await bench.guess({ sources: [banned] });
    await until(() => bench.holds("banned4", banned), "a ban to lose");
    const before = await receiver.count("services", "Started .*asterisk");
    const attack = startGuessing(40);
    await powerCycle();
    await protectedAgain("power cut under attack");
    await until(() => bench.holds("banned4", banned), "the old ban");
    const guesses = await attack;
    // Each of the eight may have had its connections before the cut and after it.
    expect(total(guesses)).toBeLessThanOrEqual(8 * 10);
    await callAgain();
    await arrives("services", "Started .*asterisk", before);
  },
  6 * minutes,
);

/** Guesses from eight new addresses for some seconds, all the time. */
function startGuessing(seconds: number) {
  return bench.guess({ sources: bench.fresh(8), connections: 5, seconds });
}

test(
  "the receiver is gone: the call goes on, bans work, and its absence and every line are told once it is back",
  async () => {
    const before = await receiver.count("shipper", "action 'exposed' suspended");
    await receiver.stop();
    const lines: string[] = [];
    await throughout(async () => {
      lines.push(...(await writeLines(bench.pbx, "gone", 200)));
      await protectedAgain("receiver gone");
      await pause(5_000);
    });
    await receiver.start("receiver");
    const started = Date.now();
    await allArrive(lines);
    say(`receiver back: ${lines.length} lines a stream after ${Date.now() - started} ms`);
    await arrives("shipper", "action 'exposed' suspended", before);
  },
  6 * minutes,
);

async function powerCycle(): Promise<void> {
  await killHost(bench.pbx.sandbox, "pbx");
  await bootHost(bench.pbx.sandbox, "pbx");
}

async function allArrive(lines: readonly string[]): Promise<void> {
  await eventually(3 * minutes, async () => {
    for (const stream of writtenStreams) {
      const missing = await lacking(receiver, stream, lines);
      if (missing.length > 0) return `${stream} lacks ${missing.length} of ${lines.length}`;
    }
    return undefined;
  });
}

test(
  `the receiver is away for ${outage} minutes in which the PBX loses its power, not for the first time: no line is lost`,
  async () => {
    // rsyslogd 8.2608 forgets what it has handed out only from a queue that it has read from disk (its issue 5364).
    await powerCycle();
    await allArrive(await writeLines(bench.pbx, "before", 1));
    await receiver.cut();
    const end = Date.now() + outage * minutes;
    const middle = Date.now() + (outage * minutes) / 2;
    const lines: string[] = [];
    let rebooted = false;
    for (let round = 1; Date.now() < end; round += 1) {
      lines.push(...(await writeLines(bench.pbx, `outage${round}`, 20)));
      if (!rebooted && Date.now() > middle) {
        await powerCycle();
        rebooted = true;
      }
      await pause(5_000);
    }
    expect(rebooted).toBe(true);
    await receiver.boot();
    await allArrive(lines);
    say(`${lines.length} lines a stream in ${outage} minutes, none lost`);
    await callAgain();
  },
  (outage + 8) * minutes,
);
