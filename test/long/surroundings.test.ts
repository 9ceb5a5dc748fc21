import { aptReachable, execOn } from "../../sandbox/sandbox";
import type { FaultBench, Side } from "../e2e/fault-harness";
import { lieInWait } from "../e2e/faults/at-instant";
import { faultSeed, randomNumbers } from "../e2e/faults/random";
import { eventually } from "../e2e/faults/settled";
import { tallied } from "../e2e/faults/tally";
import { currentReceipt, onHost } from "../e2e/scenario";
import { placeDropIn, placeFile, removeDropIn } from "./parts/agent-drop-in";
import { giveRoom, leaveRoom } from "./parts/disk-room";
import { freshSpec, say, useBench } from "./parts/long-bench";
import { selected } from "./parts/selection";
import { forgetSteps, orderStep, stepsSeen } from "./parts/steps";

const minutes = 60_000;
const name = "testlongaround";
const bench = useBench(name);
const seed = faultSeed();
const random = randomNumbers(seed);
const kib = 1024;

beforeAll(() => {
  say(`FAULT_SEED=${seed}`);
});

const stagedOn = ({ pbx }: FaultBench) => onHost(pbx, "ls", "/var/lib/hardened-asterisk/generations");

/** A call, as soon as both phones are registered: on a full disk Asterisk itself cannot keep registrations. */
async function callWithin(ms: number): Promise<void> {
  await eventually(ms, () =>
    bench()
      .call()
      .then(
        () => undefined,
        (error: unknown) => String(error),
      ),
  );
}

describe("the disk is nearly full", () => {
  test.each(selected([0, 64, 1024, 8192]))(
    "but for %i KiB: refused with the cure, nothing is touched, and with room again the next up converges",
    (room) =>
      tallied("begun on a disk that is nearly full", room, async () => {
        const [old, next] = [bench().confirmed, freshSpec(bench().confirmed)];
        await leaveRoom(name, room * kib);
        try {
          const { code, stdout } = await bench().tryUp(next);
          expect(code).not.toBe(0);
          expect(stdout).toMatch(/only \d+ KiB are free on the disk of \/etc.*make room there/);
          expect(await bench().side(old, next)).toBe("old");
          expect((await stagedOn(bench())).includes(bench().prepare(next).generation)).toBe(false);
        } finally {
          await giveRoom(name);
        }
        await callWithin(90_000);
        await bench().converge(next);
        return "old" as const;
      }),
    4 * minutes,
  );
});

describe("the disk becomes full in the middle", () => {
  const places: readonly [string, RegExp][] = [
    ["the first undo copy", /^create .*\/undo\/0000/],
    ["the transaction's record", /^create .*\/transaction\.json/],
    ["the first file is swapped", /^create \/etc\/asterisk\/asterisk\.conf/],
    ["the dialplan is swapped", /^create \/etc\/asterisk\/extensions\.conf/],
    ["the unit's drop-in is swapped", /^create \/etc\/systemd\/system\/asterisk\.service\.d/],
    ["Asterisk restarts", /^run systemctl restart asterisk/],
  ];
  let steps: string[] = [];

  beforeAll(async () => {
    await orderStep(bench().pbx.sandbox, { what: "count" });
    await bench().converge(freshSpec(bench().confirmed));
    steps = (await stepsSeen(bench().pbx.sandbox)) ?? [];
  }, minutes);
  afterAll(() => forgetSteps(bench().pbx.sandbox));

  test.each(selected(places))(
    "before %s: whole old or whole new, a call goes through, and with room again the next up converges",
    (place, pattern) =>
      tallied("stopped by a disk that becomes full", place, async () => {
        let side: Side | undefined;
        const { sandbox } = bench().pbx;
        const step = steps.findIndex((one) => pattern.test(one)) + 1;
        expect(step).toBeGreaterThan(0);
        const [old, next] = [bench().confirmed, freshSpec(bench().confirmed)];
        await orderStep(sandbox, { what: "stop", step });
        const delivery = bench().deliver(next);
        await eventually(90_000, async () => ((await stepsSeen(sandbox)) === undefined ? "on its way" : undefined));
        await leaveRoom(name, 0);
        try {
          await onHost(bench().pbx, "systemctl", "kill", "--signal=CONT", "hardened-asterisk-activate-*");
          const { code, stderr } = await delivery;
          say(`full before step ${step}: ended with ${code}: ${stderr.trim().split("\n").at(-1) ?? ""}`);
          if (code !== 0) expect(stderr).toMatch(/No space left on device|KiB are free on the disk of/);
          side = await bench().side(old, next);
          say(`${side} is in effect`);
          expect(side).toBe(code === 0 ? "new" : "old");
        } finally {
          await giveRoom(name);
          await forgetSteps(sandbox);
        }
        await callWithin(90_000);
        await bench().converge(next);
        return side;
      }),
    4 * minutes,
  );
});

describe("the package sources are out of reach", () => {
  test(
    "and a package is missing: refused with the cure, the old configuration stays, and the next up converges",
    () =>
      tallied("in need of a package, and the package sources are out of reach", 1, async () => {
        const { sandbox } = bench().pbx;
        const [old, next] = [bench().confirmed, freshSpec(bench().confirmed)];
        await onHost(bench().pbx, "dpkg", "--remove", "--force-depends", "fail2ban");
        await aptReachable(sandbox, false);
        const { code, stdout } = await bench()
          .tryUp(next)
          .finally(() => aptReachable(sandbox, true));
        expect(code).not.toBe(0);
        expect(stdout).toMatch(/make the package sources in \/etc\/apt reachable/);
        expect(await bench().side(old, next)).toBe("old");
        await bench().call();
        await bench().converge(next);
        expect((await execOn(sandbox, "pbx", ["systemctl", "is-active", "fail2ban"])).stdout.trim()).toBe("active");
        return "old" as const;
      }),
    4 * minutes,
  );
});

describe("the clock jumps, in the agent's process alone", () => {
  let length = 0;
  beforeAll(async () => {
    await onHost(bench().pbx, "apt-get", "--quiet=2", "update");
    await onHost(bench().pbx, "apt-get", "--quiet=2", "--yes", "--no-install-recommends", "install", "faketime");
    await placeFile(bench().pbx.sandbox, "clock", "+0\n");
    const library = (await onHost(bench().pbx, "sh", "-c", "dpkg -L libfaketime | grep '/libfaketime.so.1$'")).trim();
    await placeDropIn(bench().pbx.sandbox, [
      `Environment=LD_PRELOAD=${library} FAKETIME_TIMESTAMP_FILE=/run/fault/clock FAKETIME_NO_CACHE=1`,
      "Environment=FAKETIME_DONT_FAKE_MONOTONIC=1",
    ]);
    length = await bench().measure(freshSpec(bench().confirmed));
  }, 2 * minutes);
  afterAll(() => removeDropIn(bench().pbx.sandbox));

  const jumps = ["+86400", "-86400"].flatMap((jump) => [0.1, 0.3, 0.5, 0.7, 0.9].map((part) => [jump, part] as const));
  test.each(selected(jumps))(
    "by %s s at %f of the way: the activation ends well all the same",
    (jump, part) =>
      tallied("in the middle when the clock jumps by a day, forth or back", `${jump} at ${part}`, async () => {
        const { sandbox } = bench().pbx;
        const [old, next] = [bench().confirmed, freshSpec(bench().confirmed)];
        await placeFile(sandbox, "clock", "+0\n");
        const at = (part + random() * 0.1) * length;
        const { now, struck } = await lieInWait(sandbox, "tell", at);
        const [result] = await Promise.all([
          bench().tryUp(next),
          now.then(() => placeFile(sandbox, "clock", `${jump}\n`)),
        ]);
        say(
          `${jump} s after ${Math.round(at)} ms${(await struck).ran ? "" : " (over by then)"}: ended with ${result.code}`,
        );
        expect([result.code, result.code === 0 ? "" : result.stdout]).toEqual([0, ""]);
        expect(await bench().side(old, next)).toBe("new");
        const { at: stamped } = await currentReceipt(bench().pbx);
        const off = (Date.parse(stamped) - Date.now()) / 1000;
        // The receipt is stamped at the end: it shows that the agent saw the jump.
        if (part <= 0.5) expect(Math.sign(Number(jump)) * off).toBeGreaterThan(86_000);
        await bench().call();
        await bench().converge(next);
        return "new" as const;
      }),
    4 * minutes,
  );
});
