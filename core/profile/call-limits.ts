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
  /** Trunks that bring calls: those with numbers. */
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
  /** Inbound calls at one time over one trunk; more are refused with 486. */
  readonly trunkCalls: number;
  /** Legs to phones that inbound calls of one trunk may take. */
  readonly legsOfTrunk: number;
  /** Those of `legsOfTrunk` that members of a group beyond the first may take; the rest rings one phone for each further call. */
  readonly groupLegsOfTrunk: number;
  /** Calls from phones that may ring or talk to one phone at one time, and as many from each trunk: each leaves a place to the others. */
  readonly callsToPhone: number;
  /** Legs from and to phones that calls placed by phones may take. */
  readonly phoneLegs: number;
  /** Those of `phoneLegs` that members of a group beyond the first may take. */
  readonly phoneGroupLegs: number;
  /** Emergency calls that always find a place; more take places of ordinary calls, when there are any. */
  readonly emergencyCalls: number;
  /** Audio ports of legs from and to phones. */
  readonly phonePorts: PortRange;
  /** Audio ports of legs to carriers. */
  readonly outboundPorts: PortRange;
  /** Audio ports of legs from carriers, a range for each trunk that brings calls; calls take them before the dial plan can refuse. */
  readonly trunkPorts: readonly PortRange[];
  /** Audio ports of legs that carry emergency calls to a carrier. */
  readonly emergencyPorts: PortRange;
}

/** Emergency calls that one phone may hold at one time. */
export const emergencyCallsOfPhone = 2;

/** Emergency calls that one phone may begin in any {@link emergencyStartSeconds}. */
export const emergencyStartsOfPhone = 4;

/** Seconds after which a call that was given up has freed its audio port: a silent carrier's INVITE is given up after 12.5 s. */
export const emergencyStartSeconds = 13;

/** Sizes a PBX grows by. Each step changes the audio ports and descriptors and so needs a restart; between two steps, phones come and go without one. */
const steps = [25, 100, 250, 500, 1000];

/** Ports of a step: four legs a call. */
const legsOfCall = 4;
const portsOfLeg = 2;

/** Legs of calls that are being refused or ended while the next one is taken. */
const passingLegs = (step: number) => 4 + Math.floor(step / 50);

/** Inbound calls over all trunks. */
const inboundCallsOf = (step: number, phones: number) => Math.max(Math.ceil(step / 2), Math.min(phones, step));

/** Audio ports of one trunk's inbound calls, one of them for a call that is being refused, in pairs. */
function trunkPairs(step: number, { phones, trunks }: Pick<CallDemand, "phones" | "trunks">): number {
  return Math.floor((inboundCallsOf(step, phones) + Math.floor(passingLegs(step) / 2)) / Math.max(1, trunks));
}

/** The first step with room for all phones and outbound calls, and for two inbound calls over each trunk. */
function stepFor(demand: CallDemand): number {
  return steps.find((size) => size >= demand.calls + demand.phones && trunkPairs(size, demand) >= 3) ?? 1000;
}

/** The limits that a demand comes to; the ports end where they did before legs were bounded (8 times the step). */
export function callLimits(demand: CallDemand): CallLimits {
  const { calls, phoneCalls, phones, firstPort } = demand;
  const step = stepFor(demand);
  const emergencyCalls = Math.min(20, 6 + Math.floor(step / 50));
  const passing = passingLegs(step);
  const inboundCalls = inboundCallsOf(step, phones);
  // Calls that were given up while a carrier is silent keep their port for a while: half of what passes is for them.
  const outboundPairs = calls + Math.ceil(passing / 2);
  const inboundPairs = inboundCalls + Math.floor(passing / 2);
  // So do emergency calls: one for each place, and all that one phone may begin.
  const emergencyPairs = 2 * emergencyCalls + emergencyStartsOfPhone;
  const phonePairs = step * legsOfCall - outboundPairs - inboundPairs - emergencyPairs;
  const bounded = phonePairs - emergencyCalls - passing;
  // Half of them, or a leg for each outbound call and one internal call beside.
  const phoneLegs = Math.max(Math.floor(bounded / 2), calls + 2);
  return {
    ...{ step, allCalls: step * legsOfCall, phoneLegs, emergencyCalls },
    ...rangesOf(firstPort, { phonePairs, outboundPairs, inboundPairs, emergencyPairs }, trunkPairs(step, demand)),
    ...shareOfTrunk(demand, { inboundCalls, inboundLegs: bounded - phoneLegs, pairs: trunkPairs(step, demand) }),
    // Two phones with all their calls up leave room for a third: each call has two legs.
    phoneGroupLegs: Math.max(2, Math.min(Math.floor(phoneLegs / 2), phoneLegs - 4 * phoneCalls - 2)),
  };
}

/** What one trunk may take: an equal share, so that calls in one carrier's name leave the others theirs. */
function shareOfTrunk(
  { trunks, phoneCalls }: CallDemand,
  { inboundCalls, inboundLegs, pairs }: Readonly<Record<"inboundCalls" | "inboundLegs" | "pairs", number>>,
) {
  const shares = Math.max(1, trunks);
  const legsOfTrunk = Math.max(1, Math.floor(inboundLegs / shares));
  return {
    trunkCalls: Math.min(Math.floor(inboundCalls / shares), pairs - 1),
    legsOfTrunk,
    groupLegsOfTrunk: legsOfTrunk - Math.max(1, Math.floor(legsOfTrunk / 5)),
    callsToPhone: Math.max(1, phoneCalls - trunks),
  };
}

type Pairs = Readonly<Record<"phonePairs" | "outboundPairs" | "inboundPairs" | "emergencyPairs", number>>;

/** Ranges side by side; the trunks' own ones are equal, what is left between them and the emergency calls' is not used. */
function rangesOf(first: number, { phonePairs, outboundPairs, inboundPairs, emergencyPairs }: Pairs, ofTrunk: number) {
  const range = (from: number, pairs: number): PortRange => ({ from, to: from + pairs * portsOfLeg - 1 });
  const phonePorts = range(first, phonePairs);
  const outboundPorts = range(phonePorts.to + 1, outboundPairs);
  const inbound = outboundPorts.to + 1;
  const trunkPorts = Array.from({ length: Math.floor(inboundPairs / ofTrunk) }, (_, index) =>
    range(inbound + index * ofTrunk * portsOfLeg, ofTrunk),
  );
  return {
    phonePorts,
    outboundPorts,
    trunkPorts,
    emergencyPorts: range(inbound + inboundPairs * portsOfLeg, emergencyPairs),
  };
}
