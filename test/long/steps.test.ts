import type { PbxSpec } from "../../core/spec/spec";
import { bootHost, killHost } from "../../sandbox/sandbox";
import type { Side } from "../e2e/fault-harness";
import { eventually } from "../e2e/faults/settled";
import { tallied } from "../e2e/faults/tally";
import { freshSpec, say, useBench } from "./parts/long-bench";
import { selected } from "./parts/selection";
import { forgetSteps, orderStep, stepsSeen } from "./parts/steps";

const minutes = 60_000;
const bench = useBench("testlongsteps");
/** The steps of one activation, counted undisturbed; the same ones in the same order for every fresh configuration. */
let steps: string[] = [];

beforeAll(async () => {
  const { sandbox } = bench().pbx;
  await orderStep(sandbox, { what: "count" });
  await bench().converge(freshSpec(bench().confirmed));
  steps = (await stepsSeen(sandbox)) ?? [];
  await forgetSteps(sandbox);
  say(`an activation has ${steps.length} steps`);
  expect(steps.length).toBeGreaterThan(100);
}, 2 * minutes);

const positions = () => steps.map((_, index) => index + 1);
const isOfSwap = (step: string) => /^(rename|run|unlink) /.test(step) && !step.includes("/generations/");

/** Strikes before one step on the way to `next`, and returns the steps seen until then. */
type Cut = (step: number, next: PbxSpec) => Promise<string[]>;

/** Goes for a fresh configuration, has it cut before one step, and asks for all that must hold. */
async function struck(cut: Cut, step: number): Promise<Side> {
  const [old, next] = [bench().confirmed, freshSpec(bench().confirmed)];
  const seen = await cut(step, next);
  if (seen.length !== step) throw new Error(`struck before step ${seen.length}`);
  await forgetSteps(bench().pbx.sandbox);
  const side = await bench().side(old, next);
  await bench().call();
  await bench().converge(next);
  say(`${step} of ${steps.length}, before "${seen.at(-1) ?? ""}": ${side}`);
  return side;
}

/** Strikes before each step, goes on after a failure, and raises what failed. */
async function each(fault: string, wanted: readonly number[], cut: Cut): Promise<void> {
  const failures: string[] = [];
  for (const step of wanted) {
    try {
      await tallied(fault, step, () => struck(cut, step));
    } catch (error) {
      failures.push(`step ${step}, before "${steps[step - 1] ?? ""}": ${String(error)}`);
      say(failures.at(-1) ?? "");
      await forgetSteps(bench().pbx.sandbox);
      await bench().converge(freshSpec(bench().confirmed));
    }
  }
  say(`struck before ${wanted.length} steps, ${failures.length} failures`);
  expect(failures).toEqual([]);
}

const killed: Cut = async (step, next) => {
  const { sandbox } = bench().pbx;
  await orderStep(sandbox, { what: "kill", step });
  const { code } = await bench().deliver(next);
  if (code === 0) throw new Error("the killed activation is said to have ended well");
  return (await stepsSeen(sandbox)) ?? [];
};

const powerCut: Cut = async (step, next) => {
  const { sandbox } = bench().pbx;
  await orderStep(sandbox, { what: "stop", step });
  const delivery = bench().deliver(next);
  let seen: string[] | undefined;
  await eventually(90_000, async () => {
    seen = await stepsSeen(sandbox);
    return seen === undefined ? "the activation is on its way" : undefined;
  });
  await killHost(sandbox, "pbx");
  await Promise.all([bootHost(sandbox, "pbx"), delivery]);
  return seen ?? [];
};

test(
  "killed before each step: whole old or whole new, a call goes through, and the next up converges",
  () => each("killed (SIGKILL) before one of its steps, each once", selected(positions()), killed),
  300 * minutes,
);

test(
  "power cut before each step of the swap: whole old or whole new after the boot, and the next up converges",
  () =>
    each(
      "cut off from power, the host booted again, before one step of the swap, each once",
      selected(positions().filter((step) => isOfSwap(steps[step - 1] ?? ""))),
      powerCut,
    ),
  120 * minutes,
);
