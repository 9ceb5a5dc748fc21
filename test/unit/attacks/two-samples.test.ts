import { areaUnderCurve } from "../../e2e/attacks/two-samples";

const upTo = (count: number, from = 0) => Array.from({ length: count }, (_, index) => from + index);

test("two samples of the same numbers tell nothing", () => {
  const { area, low, high } = areaUnderCurve(upTo(100), upTo(100));
  expect(area).toBe(0.5);
  expect([low < 0.5, high > 0.5]).toEqual([true, true]);
});

test("samples apart tell everything, and few are not enough to say so", () => {
  expect(areaUnderCurve(upTo(100, 200), upTo(100))).toMatchObject({ area: 1, high: 1 });
  expect(areaUnderCurve(upTo(100, 200), upTo(100)).low).toBeGreaterThan(0.85);
  expect(areaUnderCurve(upTo(100), upTo(100, 200)).high).toBeLessThan(0.15);
  expect(areaUnderCurve([2], [1]).low).toBe(0);
  expect(areaUnderCurve(upTo(4, 200), upTo(4)).low).toBeLessThan(0.5);
});

test("the interval is Hanley and McNeil's, and never narrower than chance's own", () => {
  const [first, second] = [upTo(5).concat(upTo(45, 1000)), upTo(50, 500)];
  const { area, low } = areaUnderCurve(first, second);
  const [q1, q2] = [area / (2 - area), (2 * area * area) / (1 + area)];
  const error = Math.sqrt((area * (1 - area) + 49 * (q1 - area * area) + 49 * (q2 - area * area)) / 2500);
  const chance = Math.sqrt(101 / 30000);
  expect(area).toBe(0.9);
  expect(low).toBeCloseTo(area - 3.291 * Math.max(error, chance), 6);
});

test("no sample, no statement", () => {
  expect(areaUnderCurve([], [1, 2])).toEqual({ area: 0.5, low: 0, high: 1 });
});
