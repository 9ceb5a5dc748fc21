import { monthlyCost, type Chosen } from "../../../components/aws/monthly-cost";

const small: Chosen = {
  instanceType: "t3.small",
  volumeGigabytes: 26,
  snapshotGigabytes: 10,
  addresses: 1,
  keys: 3,
  secrets: 1,
  metrics: 20,
  alarms: 20,
  dashboards: 0,
  logGigabytes: 1,
  flowGigabytes: 1,
  logMonths: 12,
};

test("a small PBX: lines add up, each says where its price is from", () => {
  const { usd, lines, pricesOf } = monthlyCost(small);
  expect(lines.find(({ what }) => what === "t3.small")?.usd).toBe(15.18);
  expect(Math.abs(usd - lines.reduce((sum, line) => sum + line.usd, 0))).toBeLessThanOrEqual(0.5);
  expect(lines.map(({ source }) => source)).toContain("recalled");
  expect(pricesOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
});

test("more of something costs more", () => {
  const more = (change: Partial<Chosen>) => monthlyCost({ ...small, ...change }).usd;
  for (const change of [{ metrics: 40 }, { logGigabytes: 10 }, { keys: 10 }, { instanceType: "m6i.large" }])
    expect([change, more(change) > more({})]).toEqual([change, true]);
});

test("an instance type without a known price is said to be missing", () => {
  const { without, lines } = monthlyCost({ ...small, instanceType: "x9.mega" });
  expect(without[0]).toBe("the instance: no price is known for x9.mega");
  expect(lines.map(({ what }) => what)).not.toContain("x9.mega");
});
