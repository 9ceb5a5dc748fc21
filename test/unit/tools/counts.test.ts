import { jestCounts, total, unittestCounts } from "../../../tools/test/counts";

test("reads unittest's closing lines", () => {
  expect(unittestCounts("....\nRan 12 tests in 0.1s\n\nOK (skipped=2)\n", 0)).toEqual({
    passed: 10,
    failed: 0,
    skipped: 2,
  });
  expect(unittestCounts("Ran 12 tests in 0.1s\n\nFAILED (failures=1, errors=2)\n", 1)).toEqual({
    passed: 9,
    failed: 3,
    skipped: 0,
  });
});

test("a unittest run that crashed is a failure", () => {
  expect(unittestCounts("Traceback …", 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test("a jest file that cannot be loaded is a failure", () => {
  const report = {
    numPassedTests: 3,
    numFailedTests: 0,
    numPendingTests: 1,
    numTodoTests: 1,
    numRuntimeErrorTestSuites: 1,
  };
  expect(jestCounts(report)).toEqual({ passed: 3, failed: 1, skipped: 2 });
});

test("adds up", () => {
  expect(
    total([
      { passed: 1, failed: 2, skipped: 3 },
      { passed: 4, failed: 5, skipped: 6 },
    ]),
  ).toEqual({ passed: 5, failed: 7, skipped: 9 });
});
