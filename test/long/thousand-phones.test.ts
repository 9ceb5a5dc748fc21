import { Installation } from "../../tools/operator/installation";
import { Bench } from "../e2e/firewall/bench";
import { startTool } from "../e2e/firewall/tool";
import { ask, onHost } from "../e2e/scenario";
import { say } from "./parts/long-bench";

const name = "longthousand";
const minutes = 60_000;
const phones = 1_000;
const addresses = 5;
let bench: Bench;

beforeAll(async () => {
  bench = await Bench.open(name, phones);
}, 10 * minutes);

afterAll(async () => {
  await bench.pbx.hangUp();
  await Installation.remove(name);
}, 2 * minutes);

test(
  "after a restart, 1,000 of 1,000 phones on the road behind five addresses register within 120 s",
  async () => {
    const behind = bench.fresh(addresses);
    const all = Array.from({ length: phones }, (_, index) => {
      const card = bench.cards[`van${index + 1}`];
      return [card?.user, card?.password, behind[index % addresses]];
    });
    const register = async (seconds: number) => {
      const order = { target: bench.pbx.sandbox.addresses.pbx, port: 5061, source: "", phones: all, seconds, hold: 0 };
      const tool = await startTool<{ registered: Record<string, number> }>(
        bench.pbx.sandbox.namespaces.attacker,
        "register",
        order,
        (seconds + 30) * 1000,
      );
      await tool.stop();
      return Object.values(tool.first.registered).sort((a, b) => a - b);
    };
    // For the first time, from addresses that nobody knows.
    const first = await register(240);
    say(`for the first time: ${first.length} registered, the slowest after ${first.at(-1)} s`);
    await onHost(bench.pbx, "systemctl", "restart", "asterisk");
    await ask(bench.pbx, "core waitfullybooted");
    const again = await register(120);
    say(`after a restart: ${again.length} registered, the slowest after ${again.at(-1)} s`);
    expect(again).toHaveLength(phones);
  },
  10 * minutes,
);
