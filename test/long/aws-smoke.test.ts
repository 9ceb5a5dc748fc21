import { runSmoke, summaryOf } from "../../tools/aws/smoke-run";
import { smokeSteps } from "../../tools/aws/smoke-steps";
import { openMinimal } from "../engine/aws/minimal";

test(
  "every step succeeds against the simulation; its ports, which no machine answers on, are taken for closed",
  async () => {
    const stack = await openMinimal();
    const asked: number[] = [];
    const isOpen = (_host: string, port: number) => Promise.resolve(asked.push(port) < 0);
    const lines: string[] = [];
    try {
      const results = await runSmoke(smokeSteps, { stack, isOpen }, (line) => lines.push(line));
      expect(`${lines.join("\n")}\n${summaryOf(results)}`).toMatch(
        new RegExp(`\\n${String(smokeSteps.length)} passed, 0 failed, 0 left out, `),
      );
      expect(asked).toContain(22);
    } finally {
      await stack.close();
    }
  },
  45 * 60_000,
);
