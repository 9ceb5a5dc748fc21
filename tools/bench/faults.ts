import { commitNow, talliedFaults } from "../../test/e2e/faults/tally";
import { table } from "./report";

/** The table of all faults tallied at the commit that is checked out; undefined when there is none. */
export function faultSection(): string | undefined {
  const faults = talliedFaults(commitNow());
  if (faults.length === 0) return undefined;
  const rows = [...new Set(faults.map(({ fault }) => fault))].map((fault) => {
    const own = faults.filter((one) => one.fault === fault);
    const count = (outcome: string) => `${own.filter((one) => one.outcome === outcome).length}`;
    return [fault, `${own.length}`, count("old"), count("new"), count("failed")];
  });
  return `On a real host, by \`npm run test:long\` (and \`npm test\`). After each fault one configuration was wholly in effect, the old or the new one, a
call between two phones went through, and the next \`pulumi up\` ended well with the new one in effect; what did not is counted as failed.

${table(["an activation is", "times", "wholly old", "wholly new", "failed"], rows)}`;
}
