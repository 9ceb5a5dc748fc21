import { connectionLimits, mostConnections } from "../../../core/profile/connection-limits";

const phones = [0, 1, 5, 20, 40, 100, 300, 500, 1000];
const demands = phones
  .flatMap((listedPhones) => phones.map((roamingPhones) => ({ listedPhones, roamingPhones })))
  .filter(({ listedPhones, roamingPhones }) => listedPhones + roamingPhones <= 1000);

describe("connections that may stand", () => {
  // A phone on the road has a place among the strangers and one among the proven: with more of them the two overlap.
  test.each(demands.filter((one) => one.listedPhones + 2 * one.roamingPhones <= 700))(
    "%j: all kinds together are no more than Asterisk holds",
    (demand) => {
      const { listed, proven, carriers, strangers, strangersReserve } = connectionLimits(demand);
      const sum = listed.all + listed.reserve + proven.all + proven.reserve + carriers + strangers + strangersReserve;
      expect(sum).toBeLessThanOrEqual(mostConnections);
    },
  );

  test.each(demands)("%j: every phone behind one address has one, and some a second while they come back", (demand) => {
    const { listed, proven } = connectionLimits(demand);
    expect(listed.ofAddress).toBeGreaterThan(demand.listedPhones * 1.2);
    expect(proven.ofAddress).toBeGreaterThan(demand.roamingPhones * 1.2);
    expect(listed.all + listed.reserve).toBeGreaterThanOrEqual(demand.listedPhones * 0.99);
    expect(proven.all + proven.reserve).toBeGreaterThanOrEqual(demand.roamingPhones * 0.99);
  });

  test.each(demands)("%j: every phone on the road finds a place from an address of its own", (demand) => {
    const { strangers, strangersReserve } = connectionLimits(demand);
    expect(strangers + strangersReserve).toBeGreaterThan(demand.roamingPhones);
  });

  test.each([1, 5, 20, 40])("%i phones: five addresses do not fill what all have", (count) => {
    const { proven } = connectionLimits({ listedPhones: 0, roamingPhones: count });
    expect(5 * proven.ofAddress).toBeLessThan(proven.all);
  });
});
