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
  /** At one time from one address: two for each phone, the old one and the new one of a phone that comes back. */
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

/** Connections that pjsip holds at most, a tenth left free (`PJ_IOQUEUE_MAX_HANDLES`, Asterisk's config_site.h, 22.10). */
const mostOfPhones = { all: 1600, reserve: 400 };
const carriers = { of: 50, all: 200 };
const strangers = { all: 400, reserve: 200 };

/** The limits that a demand comes to. What Asterisk may open follows from the step alone, so that a new phone needs no restart. */
export function connectionLimits({ step, listedPhones, roamingPhones }: ConnectionDemand): ConnectionLimits {
  const all = Math.min(64 + 4 * step, mostOfPhones.all);
  const reserve = Math.min(16 + 2 * step, mostOfPhones.reserve);
  return {
    listed: { ofAddress: 16 + 2 * listedPhones, all, reserve },
    proven: { ofAddress: 16 + 2 * roamingPhones, all, reserve },
    // All phones behind one router come back within half a minute after a restart; a small office guesses no faster than before.
    provenPace: Math.max(2, Math.ceil(roamingPhones / 30)),
    provenBurst: Math.max(60, roamingPhones),
    ofCarrier: carriers.of,
    carriers: carriers.all,
    strangers: strangers.all,
    strangersReserve: strangers.reserve,
    all: 2 * (all + reserve) + carriers.all + strangers.all + strangers.reserve,
  };
}
