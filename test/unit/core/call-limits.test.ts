import fc from "fast-check";
import { callLimits, emergencyStartsOfPhone, type CallDemand, type PortRange } from "../../../core/profile/call-limits";

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
        const { phonePorts, outboundPorts, trunkPorts, emergencyPorts, emergencyCalls } = limits;
        const trunks = Math.max(1, asked.trunks);
        const [inboundCalls, inboundLegs] = [limits.trunkCalls * trunks, limits.legsOfTrunk * trunks];
        expect(legsOf(phonePorts)).toBeGreaterThanOrEqual(inboundLegs + limits.phoneLegs + emergencyCalls + 4);
        expect(trunkPorts.length).toBeGreaterThanOrEqual(trunks);
        for (const ports of trunkPorts) expect(legsOf(ports)).toBeGreaterThan(limits.trunkCalls);
        expect(legsOf(outboundPorts)).toBeGreaterThanOrEqual(asked.calls + 2);
        expect(legsOf(emergencyPorts)).toBeGreaterThanOrEqual(emergencyCalls + emergencyStartsOfPhone);
        expect(limits.allCalls).toBeGreaterThan(inboundCalls + limits.phoneLegs + emergencyCalls);
        expect(limits.phoneLegs).toBeGreaterThanOrEqual(asked.calls + 2);
        expect(limits.trunkCalls).toBeGreaterThanOrEqual(2);
        expect(limits.legsOfTrunk).toBeGreaterThanOrEqual(limits.trunkCalls === 2 ? 1 : 2);
        expect(limits.groupLegsOfTrunk).toBeLessThan(limits.legsOfTrunk);
        expect(limits.phoneGroupLegs).toBeLessThan(limits.phoneLegs);
      }),
    );
  });

  test("take no more ports than before legs were bounded, one above the other, each range from even to odd", () => {
    fc.assert(
      fc.property(demand, (asked) => {
        const { step, phonePorts, outboundPorts, trunkPorts, emergencyPorts } = callLimits(asked);
        const ranges = [phonePorts, outboundPorts, ...trunkPorts, emergencyPorts];
        expect(ranges.map(({ from, to }) => [from % 2, to % 2, to > from])).toEqual(ranges.map(() => [0, 1, true]));
        expect([phonePorts.from, emergencyPorts.to + 1]).toEqual([10_000, 10_000 + step * 8]);
        for (const [index, { from }] of ranges.entries()) expect(from).toBeGreaterThan(ranges[index - 1]?.to ?? 9_999);
      }),
    );
  });

  test("of an office with few phones and one trunk stay as they were", () => {
    const { step, trunkCalls, legsOfTrunk, groupLegsOfTrunk, phoneLegs, phoneGroupLegs } = callLimits({
      ...{ calls: 2, phoneCalls: 4, phones: 20, trunks: 1, firstPort: 10_000 },
    });
    expect({ step, trunkCalls, legsOfTrunk, groupLegsOfTrunk, phoneLegs, phoneGroupLegs }).toEqual({
      ...{ step: 25, trunkCalls: 20, legsOfTrunk: 24, groupLegsOfTrunk: 20, phoneLegs: 24, phoneGroupLegs: 6 },
    });
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
    const { groupLegsOfTrunk } = callLimits({ calls: 4, phoneCalls: 4, phones: 20, trunks: 1, firstPort: 10_000 });
    expect(groupLegsOfTrunk).toBeGreaterThanOrEqual(19);
  });

  test("leave a place at a phone to each trunk and to other phones, whoever takes the rest", () => {
    fc.assert(
      fc.property(demand, (asked) => {
        const { callsToPhone } = callLimits(asked);
        const sources = 1 + asked.trunks;
        expect(callsToPhone).toBeGreaterThanOrEqual(1);
        if (asked.phoneCalls >= sources) expect(callsToPhone + asked.trunks).toBeLessThanOrEqual(asked.phoneCalls);
      }),
    );
  });
});
