import { specOf, type Side } from "../e2e/fault-harness";
import { tallied } from "../e2e/faults/tally";
import { faultSeed, randomNumbers } from "../e2e/faults/random";
import { freshSpec, say, useBench } from "./parts/long-bench";
import { selected } from "./parts/selection";

const minutes = 60_000;
const kills = 100;
/** Of how many kills one goes through the engine from the start; the others spare its start. */
const engineEvery = 5;
const seed = faultSeed();
const random = randomNumbers(seed);
const bench = useBench("testlongkills");
let length = 0;

beforeAll(async () => {
  say(`FAULT_SEED=${seed}`);
  length = await bench().measure(specOf("busy"));
  say(`an activation takes ${Math.round(length)} ms`);
}, 2 * minutes);

// Drawn for all of them, so that one number means the same instant whatever part is run.
const shares = Array.from({ length: kills }, (_, index) => (index + random()) / kills);

async function killedAt(number: number, share: number): Promise<Side> {
  let whole = length;
  for (let tries = 1; tries <= 5; tries++) {
    const at = share * whole;
    const by = number % engineEvery === 0 ? "engine" : "hand";
    const { ran, phase, side, length: took } = await bench().killed(freshSpec(bench().confirmed), at, by);
    say(`${number}: ${Math.round(at)} ms, ${ran ? `killed with ${phase ?? "nothing"} open` : "missed"}: ${side}`);
    if (ran) return side;
    // The last ones took this long; the next may be a little quicker still.
    whole = 0.95 * Math.min(whole, took ?? whole);
  }
  throw new Error("five activations in a row ended before their instant");
}

test.each(selected(shares.map((share, index) => [index + 1, share] as const)))(
  "instant %i of 100: whole old or whole new, a call goes through, and the next up converges",
  (number, share) => tallied("killed (SIGKILL) at one of 100 random instants", number, () => killedAt(number, share)),
  6 * minutes,
);
