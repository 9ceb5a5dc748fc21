/** An inclusive range of UDP ports, even to odd: a leg takes two, one for RTP and one for RTCP (RFC 3550 section 11). */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** What the limits are computed from. */
export interface CallDemand {
  /** Outbound calls at one time, over all phones. */
  readonly calls: number;
  /** Calls that one phone may place, and as many that it may be called with, at one time. */
  readonly phoneCalls: number;
  /** Number of phones. */
  readonly phones: number;
  /** Number of trunks. */
  readonly trunks: number;
  /** First port of the audio range; even. */
  readonly firstPort: number;
}

/**
 * Calls and legs that the host carries at one time. A leg is one channel: a call has a leg to its caller and one to each phone that
 * rings. Carriers, phones and emergency calls never take each other's: forged calls of a carrier leave the phones' legs alone.
 */
export interface CallLimits {
  /** Size that all the others follow; a PBX grows from one to the next, and a change restarts Asterisk. */
  readonly step: number;
  /** Calls in the dial plan at one time, those being refused among them (`maxcalls`). Above all the others together. */
  readonly allCalls: number;
  /** Inbound calls at one time over all trunks; more are refused with 486. */
  readonly inboundCalls: number;
  /** Inbound calls at one time over one trunk; more are refused with 486. */
  readonly trunkCalls: number;
  /** Legs to phones that inbound calls may take. */
  readonly inboundLegs: number;
  /** Those of `inboundLegs` that members of a group beyond the first may take; the rest rings one phone for each further call. */
  readonly inboundGroupLegs: number;
  /** Legs from and to phones that calls placed by phones may take. */
  readonly phoneLegs: number;
  /** Those of `phoneLegs` that members of a group beyond the first may take. */
  readonly phoneGroupLegs: number;
  /** Emergency calls that always find a place; more take places of ordinary calls, when there are any. */
  readonly emergencyCalls: number;
  /** Audio ports of legs from and to phones. */
  readonly phonePorts: PortRange;
  /** Audio ports of legs from and to carriers; calls take them before the dial plan can refuse. */
  readonly trunkPorts: PortRange;
  /** Audio ports of legs that carry emergency calls to a carrier. */
  readonly emergencyPorts: PortRange;
}

/** Emergency calls that one phone may hold at one time. */
export const emergencyCallsOfPhone = 2;

/** Emergency calls that one phone may begin in 13 s. */
export const emergencyStartsOfPhone = 4;

/** Sizes a PBX grows by. Each step changes the audio ports and descriptors and so needs a restart; between two steps, phones come and go without one. */
const steps = [25, 100, 250, 500, 1000];

/** Ports of a step: four legs a call. */
const legsOfCall = 4;
const portsOfLeg = 2;

/** The limits that a demand comes to; the ports end where they did before legs were bounded (8 times the step). */
export function callLimits({ calls, phoneCalls, phones, trunks, firstPort }: CallDemand): CallLimits {
  const step = steps.find((size) => size >= calls + phones) ?? 1000;
  const emergencyCalls = Math.min(20, 6 + Math.floor(step / 50));
  // Legs of calls that are being refused or ended while the next one is taken.
  const passing = 4 + Math.floor(step / 50);
  const inboundCalls = Math.max(Math.ceil(step / 2), Math.min(phones, step));
  const trunkLegs = inboundCalls + calls + passing;
  // Calls that were given up while a carrier is silent keep their port for a while.
  const emergencyLegs = 2 * emergencyCalls + 4;
  const phonePairs = step * legsOfCall - trunkLegs - emergencyLegs;
  const bounded = phonePairs - emergencyCalls - passing;
  // Half of them, or a leg for each outbound call and one internal call beside.
  const phoneLegs = Math.max(Math.floor(bounded / 2), calls + 2);
  const inboundLegs = bounded - phoneLegs;
  const [phonePorts, trunkPorts, emergencyPorts] = rangesOf(firstPort, [phonePairs, trunkLegs, emergencyLegs]);
  return {
    ...{ step, allCalls: step * legsOfCall, inboundCalls, inboundLegs, phoneLegs, emergencyCalls },
    ...{ phonePorts, trunkPorts, emergencyPorts },
    trunkCalls: Math.max(2, Math.floor(inboundCalls / Math.max(1, trunks))),
    inboundGroupLegs: inboundLegs - Math.floor(inboundLegs / 5),
    // Two phones with all their calls up leave room for a third: each call has two legs.
    phoneGroupLegs: Math.max(2, Math.min(Math.floor(phoneLegs / 2), phoneLegs - 4 * phoneCalls - 2)),
  };
}

function rangesOf(first: number, [phones, trunks, emergency]: readonly [number, number, number]) {
  const range = (from: number, legs: number): PortRange => ({ from, to: from + legs * portsOfLeg - 1 });
  const phonePorts = range(first, phones);
  const trunkPorts = range(phonePorts.to + 1, trunks);
  return [phonePorts, trunkPorts, range(trunkPorts.to + 1, emergency)] as const;
}
