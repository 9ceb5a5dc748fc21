/** What the limits of connections are computed from. */
export interface ConnectionDemand {
  /** Size a PBX grows by (`CallLimits.step`): at least the number of its phones. */
  readonly step: number;
  /** Phones with listed networks; all of them may stand behind one address. */
  readonly listedPhones: number;
  /** Phones on the road; all of them may stand behind one address. */
  readonly roamingPhones: number;
}

/** TCP and TLS connections of phones of one kind. */
export interface PhoneConnections {
  /** At one time from one address: one for each phone, and some for those that come back before their old one has ended. */
  readonly ofAddress: number;
  /** At one time from all addresses. */
  readonly all: number;
  /** More at one time, for addresses that have no more than two: a phone finds a place when somebody else has taken the others. */
  readonly reserve: number;
}

/**
 * TCP and TLS connections that the firewall lets stand at one time. Listed phones, phones on the road, strangers and carriers
 * never take each other's, and all of them together stay below what Asterisk may open.
 */
export interface ConnectionLimits {
  /** From the networks of listed phones. */
  readonly listed: PhoneConnections;
  /** From addresses where a phone on the road has proved itself. */
  readonly proven: PhoneConnections;
  /** New connections a second from such an address. */
  readonly provenPace: number;
  /** The same at once. */
  readonly provenBurst: number;
  /** From one carrier's address. */
  readonly ofCarrier: number;
  /** From all carriers. */
  readonly carriers: number;
  /** From all addresses that proved nothing. */
  readonly strangers: number;
  /** More of those, for networks of 256 addresses that have no more than four. */
  readonly strangersReserve: number;
  /** All together; Asterisk may open as many beside what its calls need. */
  readonly all: number;
}

/** Connections of all phones at most; with carriers, strangers and reserves, fewer than the 5,000 that pjsip holds (Asterisk's own config_site.h, 22.10). */
const mostOfPhones = 3200;
/** More of each kind, at most. */
const mostInReserve = 200;
const carriers = { of: 50, all: 200 };
const strangers = { all: 400, reserve: 200 };

/** Five addresses with as many connections as one may have leave room for others. */
const wanted = (phones: number) => 160 + Math.ceil(phones * 6.5);

function connectionsOf(phones: number, others: number): PhoneConnections {
  const share = Math.max(400, Math.floor((mostOfPhones * phones) / Math.max(1, phones + others)));
  return {
    ofAddress: 16 + Math.ceil(phones * 1.25),
    all: Math.min(wanted(phones), share),
    reserve: Math.min(64 + 2 * phones, mostInReserve),
  };
}

/** The limits that a demand comes to. What Asterisk may open follows from the step alone, so that a new phone needs no restart. */
export function connectionLimits({ step, listedPhones, roamingPhones }: ConnectionDemand): ConnectionLimits {
  const ofPhones = Math.min(wanted(step) + wanted(0), mostOfPhones + 400) + 2 * mostInReserve;
  return {
    listed: connectionsOf(listedPhones, roamingPhones),
    proven: connectionsOf(roamingPhones, listedPhones),
    // All phones behind one router come back at once, twice in half a minute; in a small office a thief guesses no faster for it.
    provenPace: Math.max(2, Math.ceil(roamingPhones / 15)),
    provenBurst: Math.max(60, 2 * roamingPhones),
    ofCarrier: carriers.of,
    carriers: carriers.all,
    strangers: strangers.all,
    strangersReserve: strangers.reserve,
    all: ofPhones + carriers.all + strangers.all + strangers.reserve,
  };
}
