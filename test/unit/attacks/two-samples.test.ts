import { areaUnderCurve } from "../../e2e/attacks/two-samples";

const upTo = (count: number, from = 0) => Array.from({ length: count }, (_, index) => from + index);

test("two samples of the same numbers tell nothing", () => {
  const { area, low, high } = areaUnderCurve(upTo(100), upTo(100));
  expect(area).toBe(0.5);
  expect([low < 0.5, high > 0.5]).toEqual([true, true]);
});

test("samples apart tell everything, and few are not enough to say so", () => {
  expect(areaUnderCurve(upTo(100, 200), upTo(100))).toMatchObject({ area: 1, high: 1 });
  expect(areaUnderCurve(upTo(100, 200), upTo(100)).low).toBeGreaterThan(0.9);
  expect(areaUnderCurve(upTo(100), upTo(100, 200)).high).toBeLessThan(0.1);
  expect(areaUnderCurve([2], [1]).low).toBe(0);
});

test("the interval is Hanley and McNeil's", () => {
  const first = upTo(50, 25).map((value) => value + 0.5);
  const { area, low } = areaUnderCurve(first, upTo(50));
  const [q1, q2] = [area / (2 - area), (2 * area * area) / (1 + area)];
  const error = Math.sqrt((area * (1 - area) + 49 * (q1 - area * area) + 49 * (q2 - area * area)) / 2500);
  expect(area).toBeGreaterThan(0.8);
  expect(low).toBeCloseTo(area - 2.576 * error, 6);
});

test("no sample, no statement", () => {
  expect(areaUnderCurve([], [1, 2])).toEqual({ area: 0.5, low: 0, high: 1 });
});
