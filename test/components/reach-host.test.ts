import { dialLimits, patienceSeconds } from "../../components/reach-host";

test("a machine that is never reached ends `up` within five minutes", () => {
  const { dialErrorLimit, perDialTimeout } = dialLimits;
  // The pauses of @pulumi/command 1.2.1: 0.1 s, each 1.5 times the one before, 5 s at most.
  const pauses = Array.from({ length: dialErrorLimit }, (_, dial) => Math.min(0.1 * 1.5 ** dial, 5));
  const dials = (dialErrorLimit + 1) * perDialTimeout + pauses.reduce((sum, pause) => sum + pause);
  expect(patienceSeconds + dials).toBeLessThan(300);
});
