import { connectionLimits } from "../../../core/profile/connection-limits";

const phones = [0, 1, 5, 20, 40, 100, 300, 500, 1000];
const steps = [25, 100, 250, 500, 1000];
const demands = phones.flatMap((listedPhones) =>
  phones.flatMap((roamingPhones) => {
    const step = steps.find((size) => size >= listedPhones + roamingPhones);
    return step === undefined ? [] : [{ step, listedPhones, roamingPhones }];
  }),
);

describe("connections that may stand", () => {
  test.each(demands)("%j: all kinds together find a place, and pjsip holds them", (demand) => {
    const limits = connectionLimits(demand);
    const { listed, proven, carriers, strangers, strangersReserve } = limits;
    const sum = listed.all + listed.reserve + proven.all + proven.reserve + carriers + strangers + strangersReserve;
    expect(sum).toBeLessThanOrEqual(limits.all);
    expect(limits.all).toBeLessThanOrEqual(4_900);
  });

  test.each(demands)("%j: every phone behind one address has one, and a second while it comes back", (demand) => {
    const { listed, proven } = connectionLimits(demand);
    expect(listed.ofAddress).toBeGreaterThan(demand.listedPhones * 1.2);
    expect(proven.ofAddress).toBeGreaterThan(demand.roamingPhones * 1.2);
    expect(listed.all).toBeGreaterThanOrEqual(demand.listedPhones);
    expect(proven.all).toBeGreaterThanOrEqual(demand.roamingPhones);
  });

  test.each([1, 5, 20, 40, 100, 300])("%i phones: five addresses do not fill what all have", (count) => {
    const step = steps.find((size) => size >= count) ?? 1000;
    const { proven } = connectionLimits({ step, listedPhones: 0, roamingPhones: count });
    expect(5 * proven.ofAddress).toBeLessThan(proven.all);
  });

  test("a further phone needs no more of what Asterisk may open", () => {
    const all = (listedPhones: number) => connectionLimits({ step: 25, listedPhones, roamingPhones: 0 }).all;
    expect(all(1)).toBe(all(20));
  });
});
