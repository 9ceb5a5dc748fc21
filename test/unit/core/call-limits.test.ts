import fc from "fast-check";
import { callLimits, type CallDemand, type PortRange } from "../../../core/profile/call-limits";

const demand = fc.record<CallDemand>({
  calls: fc.integer({ min: 1, max: 500 }),
  phoneCalls: fc.integer({ min: 1, max: 100 }),
  phones: fc.integer({ min: 1, max: 10_000 }),
  trunks: fc.integer({ min: 0, max: 20 }),
  firstPort: fc.constant(10_000),
});
const legsOf = ({ from, to }: PortRange) => (to - from + 1) / 2;

describe("the limits of calls and legs", () => {
  test("leave audio ports for every leg they allow, for every emergency call, and for calls being refused", () => {
    fc.assert(
      fc.property(demand, (asked) => {
        const limits = callLimits(asked);
        const { phonePorts, trunkPorts, emergencyPorts, emergencyCalls } = limits;
        expect(legsOf(phonePorts)).toBeGreaterThanOrEqual(limits.inboundLegs + limits.phoneLegs + emergencyCalls + 4);
        expect(legsOf(trunkPorts)).toBeGreaterThanOrEqual(limits.inboundCalls + asked.calls + 4);
        expect(legsOf(emergencyPorts)).toBeGreaterThanOrEqual(emergencyCalls);
        expect(limits.allCalls).toBeGreaterThan(limits.inboundCalls + limits.phoneLegs + emergencyCalls);
        expect(limits.phoneLegs).toBeGreaterThanOrEqual(asked.calls + 2);
        expect(limits.inboundLegs).toBeGreaterThanOrEqual(8);
        expect(limits.inboundGroupLegs).toBeLessThan(limits.inboundLegs);
        expect(limits.phoneGroupLegs).toBeLessThan(limits.phoneLegs);
      }),
    );
  });

  test("take no more ports than before legs were bounded, side by side, each range from even to odd", () => {
    fc.assert(
      fc.property(demand, (asked) => {
        const { step, phonePorts, trunkPorts, emergencyPorts } = callLimits(asked);
        const ranges = [phonePorts, trunkPorts, emergencyPorts];
        expect(ranges.map(({ from, to }) => [from % 2, to % 2, to > from])).toEqual(ranges.map(() => [0, 1, true]));
        expect([phonePorts.from, trunkPorts.from, emergencyPorts.from, emergencyPorts.to + 1]).toEqual([
          10_000,
          phonePorts.to + 1,
          trunkPorts.to + 1,
          10_000 + step * 8,
        ]);
      }),
    );
  });

  test("leave room for a third phone beside two with all their calls up, where a phone may place the usual four", () => {
    for (const phones of [3, 20, 200, 2000]) {
      const { phoneLegs, phoneGroupLegs } = callLimits({
        ...{ calls: 2, phoneCalls: 4, phones, trunks: 1, firstPort: 10_000 },
      });
      expect(phoneLegs - phoneGroupLegs - 2 * 4 * 2).toBeGreaterThanOrEqual(2);
    }
  });

  test("ring every member of a group of all the phones of the smallest step", () => {
    const { inboundGroupLegs } = callLimits({ calls: 4, phoneCalls: 4, phones: 20, trunks: 1, firstPort: 10_000 });
    expect(inboundGroupLegs).toBeGreaterThanOrEqual(19);
  });
});
