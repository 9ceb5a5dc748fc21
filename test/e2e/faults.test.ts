import type { PbxSpec } from "../../core/spec/spec";
import { bootHost, killHost } from "../../sandbox/sandbox";
import { Installation } from "../../tools/operator/installation";
import { FaultBench, specOf, type Step } from "./fault-harness";
import { lieInWait } from "./faults/at-instant";
import { startUp } from "./faults/engine-run";
import { faultSeed, randomNumbers } from "./faults/random";
import { tallied } from "./faults/tally";
import { eventually, receiptOf, settled, transactionOf } from "./faults/settled";

const name = "testfaults";
const minutes = 60_000;
const kills = 6;
/** Of how many kills one goes through the engine from the start; the others spare its start. */
const engineEvery = 5;

const seed = faultSeed();
const random = randomNumbers(seed);
const started = Date.now();
let opened: FaultBench | undefined;
let bench: FaultBench;
const lengths = { reload: 0, restart: 0 };

function say(line: string): void {
  process.stderr.write(`[${Math.round((Date.now() - started) / 1000)} s] ${line}\n`);
}

/** One of the two configurations that are not in effect, and how long an activation of it takes. */
function draw(): { step: Step; spec: PbxSpec; length: number } {
  const now = steps.find((step) => specOf(step).limits?.calls === bench.confirmed.limits?.calls);
  const others = steps.filter((step) => step !== now);
  const step = others[Math.floor(random() * others.length)] ?? "quiet";
  return { step, spec: specOf(step), length: [now, step].includes("busy") ? lengths.restart : lengths.reload };
}
const steps: readonly Step[] = ["quiet", "brisk", "busy"];

beforeAll(async () => {
  say(`FAULT_SEED=${seed}`);
  // Spares the engine's type check of the program on every run; `tsc` has it.
  process.env.PULUMI_NODEJS_TRANSPILE_ONLY = "true";
  opened = await FaultBench.open({ name, spec: specOf("quiet"), progress: say });
  bench = opened;
  lengths.reload = await bench.measure(specOf("brisk"));
  lengths.restart = await bench.measure(specOf("busy"));
  say(
    `an activation takes ${Math.round(lengths.reload)} ms with a reload, ${Math.round(lengths.restart)} ms with a restart`,
  );
}, 3 * minutes);

afterAll(async () => {
  // A host that did not even come up is removed too.
  await (opened?.close() ?? Installation.remove(name));
}, minutes);

describe("activation killed with SIGKILL at a random instant: whole old or whole new, and the next up converges", () => {
  test.each(Array.from({ length: kills }, (_, index) => index + 1))(
    "instant %i",
    (number) =>
      tallied("killed (SIGKILL) at one of 6 random instants", number, async () => {
        // Each instant from a part of its own, so that together they are spread over the whole activation.
        const share = (number - 1 + random()) / kills;
        // What an activation takes now, of what it took when it was measured.
        let pace = 1;
        for (let tries = 1; tries <= 5; tries++) {
          const { step, spec, length } = draw();
          const at = share * length * pace;
          const by = number % engineEvery === 0 ? "engine" : "hand";
          const { ran, phase, side, length: took } = await bench.killed(spec, at, by);
          say(
            `${number}: ${step}, ${Math.round(at)} ms, ${ran ? `killed with ${phase ?? "nothing"} open` : "missed"}: ${side}`,
          );
          if (ran) return side;
          pace = 0.95 * Math.min(pace, (took ?? length) / length);
        }
        throw new Error("five activations in a row ended before their instant");
      }),
    4 * minutes,
  );
});

describe("the connection is lost", () => {
  test(
    "the SSH session is killed on the host: the activation goes on, and the next up confirms it",
    () =>
      tallied("followed over an SSH session that is killed", 1, async () => {
        const [old, { spec, length }] = [bench.confirmed, draw()];
        const { struck } = await lieInWait(bench.pbx.sandbox, "cut", random() * length * 0.8);
        expect((await bench.tryUp(spec)).code).not.toBe(0);
        expect((await struck).ran).toBe(true);
        expect(await bench.side(old, spec)).toBe("new");
        expect((await transactionOf(bench.pbx.sandbox))?.phase).toBe("armed");
        await bench.call();
        await bench.converge(spec);
        return "new" as const;
      }),
    2 * minutes,
  );

  test(
    "the whole engine is killed: the activation goes on, and after `pulumi cancel` the next up confirms it",
    () =>
      tallied("asked for by an engine that is killed", 1, async () => {
        const [old, { spec, length }] = [bench.confirmed, draw()];
        const { now } = await lieInWait(bench.pbx.sandbox, "tell", random() * length * 0.8);
        bench.pbx.stack.setSpec(spec);
        const engine = startUp(bench.pbx.stack, name);
        await now;
        expect(engine.kill()).toBeGreaterThan(2);
        await engine.ended;
        expect(await bench.side(old, spec)).toBe("new");
        await bench.call();
        await bench.unlock();
        await bench.converge(spec);
        return "new" as const;
      }),
    2 * minutes,
  );

  test(
    "confirm never arrives: the host undoes the configuration by itself, and the next up converges",
    () =>
      tallied("never confirmed", 1, async () => {
        const old = bench.confirmed;
        const spec = { ...draw().spec, rollbackSeconds: 30 };
        const activate = `urn:pulumi:${name}::pbx::hardened-asterisk:index:AsteriskHost$command:remote:Command::pbx-activate`;
        const { code, stdout } = await bench.tryUp(spec, ["--target", activate]);
        expect([code, stdout]).toEqual([0, expect.stringContaining("pbx-activate")]);
        const armed = Date.now();
        expect(await bench.side(old, spec)).toBe("new");
        await bench.call();
        await eventually(60_000, async () => (await transactionOf(bench.pbx.sandbox))?.phase);
        say(`undone by itself ${Math.round((Date.now() - armed) / 1000)} s after the activation`);
        expect(Date.now() - armed).toBeGreaterThan(20_000);
        expect((await receiptOf(bench.pbx.sandbox, bench.prepare(spec).generation))?.state).toBe("rolled-back");
        expect(await bench.side(old, spec)).toBe("old");
        await bench.call();
        await bench.converge(spec);
        return "old" as const;
      }),
    3 * minutes,
  );
});

describe("the power is cut", () => {
  test(
    "in the middle of the swap: after the boot the old configuration is in effect, and the next up converges",
    () =>
      tallied("cut off from power in the middle of the swap, the host booted again", 1, async () => {
        const [old, spec] = [
          bench.confirmed,
          bench.confirmed.limits?.calls === specOf("busy").limits?.calls ? specOf("quiet") : specOf("busy"),
        ];
        const { sandbox, stack } = bench.pbx;
        const { now, struck } = await lieInWait(sandbox, "swap", 0);
        const cut = struck.catch(() => undefined);
        stack.setSpec(spec);
        const engine = startUp(stack, name);
        await now;
        await killHost(sandbox, "pbx");
        // Nothing tells the engine that its host is gone.
        engine.kill();
        await Promise.all([engine.ended, cut]);
        await bootHost(sandbox, "pbx");
        expect(await bench.side(old, spec)).toBe("old");
        await bench.call();
        await bench.unlock();
        await bench.converge(spec);
        return "old" as const;
      }),
    3 * minutes,
  );
});

describe("two activations at once", () => {
  test(
    "of the same configuration: both end well, and the next up confirms it",
    () =>
      tallied("one of two at once, of the same configuration", 1, async () => {
        const [old, { spec }] = [bench.confirmed, draw()];
        const results = await Promise.all([bench.deliver(spec), bench.deliver(spec)]);
        expect(results.map(({ code }) => code)).toEqual([0, 0]);
        expect(await bench.side(old, spec)).toBe("new");
        await bench.call();
        await bench.converge(spec);
        return "new" as const;
      }),
    2 * minutes,
  );

  test(
    "of two configurations: one is wholly in effect, and the next up converges",
    () =>
      tallied("one of two at once, of different configurations", 1, async () => {
        const [old, { spec }] = [bench.confirmed, draw()];
        const other = {
          ...(steps
            .map((step) => specOf(step))
            .find((one) => ![old, spec].some((taken) => taken.limits?.calls === one.limits?.calls)) ?? spec),
          rollbackSeconds: 30,
        };
        const [mine, theirs] = await Promise.all([bench.tryUp(spec), bench.deliver(other)]);
        say(`at once: the engine ended with ${mine.code}, the other with ${theirs.code}`);
        const side = (await bench.whole(old, spec, other)) === old ? "old" : "new";
        await bench.call();
        // When the other one came last, nobody confirms it, and it undoes itself.
        await eventually(60_000, async () =>
          mine.code === 0 ? (await transactionOf(bench.pbx.sandbox))?.phase : undefined,
        );
        await settled(bench.pbx.sandbox);
        await bench.converge(spec);
        return side;
      }),
    3 * minutes,
  );
});
