import { AwsSimulation } from "../../../tools/engine/stand-in/aws/simulation";
import { openStack } from "./minimal";

test(
  "two projects, each with a stack `simulated` and a component `pbx`, stand in one account; a second of one project does not",
  async () => {
    const account = new AwsSimulation();
    const first = await openStack("aws-minimal", {}, account);
    const other = await openStack("two-carriers", {}, account);
    const same = await openStack("aws-minimal", {}, account);
    try {
      await first.up();
      await other.up();
      await first.up("--expect-no-changes");
      const { code, stdout } = await same.tryUp();
      expect(code).not.toBe(0);
      // The simulation does object to a name that is taken.
      expect(stdout).toMatch(/AlreadyExistsException: aws:iam\/role:Role pbx-aws-minimal-simulated-\w{6}-host exists/);
    } finally {
      await Promise.all([first, other, same].map((stack) => stack.close()));
    }
  },
  45 * 60_000,
);
