import { earlierState, keepState, stateWithoutProtectedLogs } from "./earlier-state";
import { openMinimal } from "./minimal";

/** What carries the configuration is made anew with it; everything else has to stay. */
const carriers = [
  "aws:s3/bucketObjectv2:BucketObjectv2",
  "aws:secretsmanager/secretVersion:SecretVersion",
  "aws:ssm/association:Association",
];

test.each([
  ["the version before this one", earlierState],
  ["one that did not protect its log groups", stateWithoutProtectedLogs],
])(
  "a state that %s left is taken over: nothing of it is replaced or deleted",
  async (_version, left) => {
    const stack = await openMinimal();
    try {
      if (left === earlierState && process.env["UPDATE_STATE"] !== undefined) {
        await stack.up();
        keepState(await stack.export());
      }
      await stack.import(left());
      const steps = await stack.plan();
      const others = steps.filter(({ type }) => !carriers.includes(type));
      expect(others.filter(({ op }) => op !== "update" && op !== "create")).toEqual([]);
      expect((await stack.resources()).length).toBeGreaterThan(100);
    } finally {
      await stack.close();
    }
  },
  45 * 60_000,
);

test(
  "a resource of another name would be noticed",
  async () => {
    const stack = await openMinimal();
    try {
      await stack.import(earlierState().replaceAll("NetworkInterface::pbx-interface", "NetworkInterface::pbx-face"));
      const steps = await stack.plan();
      expect(steps.map(({ op, name }) => `${op} ${name}`)).toEqual(
        expect.arrayContaining(["delete pbx-face", "create pbx-interface"]),
      );
    } finally {
      await stack.close();
    }
  },
  45 * 60_000,
);
