/** What the limits of connections are computed from: phones that use TCP or TLS. */
export interface ConnectionDemand {
  /** Those with listed networks; all of them may stand behind one address. */
  readonly listedPhones: number;
  /** Those on the road; all of them may stand behind one address. */
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
  /** New ones a second from one address. */
  readonly pace: number;
  /** The same at once. */
  readonly burst: number;
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
  /** From one carrier's address. */
  readonly ofCarrier: number;
  /** From all carriers. */
  readonly carriers: number;
  /** From all addresses that proved nothing; the first connection of a phone on the road is one of them for as long as it stands. */
  readonly strangers: number;
  /** More of those, for networks of 256 addresses that have no more than four. */
  readonly strangersReserve: number;
}

/**
 * Connections that all kinds take together at most. Asterisk 22.10 holds 1,019 (measured; pjsip's `PJ_IOQUEUE_MAX_HANDLES` less its
 * own sockets), then it ends each further one at once, whoever asks.
 */
export const mostConnections = 1012;

/** What carriers, strangers and reserves take of them, less where there are more phones than the rest has room for. */
const mostOfOthers = 220;
const leastOfOthers = 16;

/** The limits that a demand comes to. */
export function connectionLimits({ listedPhones, roamingPhones }: ConnectionDemand): ConnectionLimits {
  const phones = listedPhones + roamingPhones;
  const others = Math.max(leastOfOthers, Math.min(mostOfOthers, mostConnections - Math.ceil(phones * 1.05)));
  const partOfOthers = (percent: number) => Math.max(1, Math.floor((others * percent) / 100));
  // A phone on the road has its first connection among the strangers, for as long as that stands.
  const ofPhones = Math.max(0, mostConnections - others - roamingPhones);
  const connectionsOf = (kind: number): PhoneConnections => ({
    ofAddress: 16 + Math.ceil(kind * 1.25),
    all: Math.max(Math.floor(ofPhones * (phones === 0 ? 0.5 : kind / phones)), kind),
    reserve: partOfOthers(13),
    // All phones behind one router come back at once, twice in half a minute; in a small office a thief guesses no faster for it.
    pace: Math.max(2, Math.ceil(kind / 15)),
    burst: Math.max(60, 2 * kind),
  });
  return {
    listed: connectionsOf(listedPhones),
    proven: connectionsOf(roamingPhones),
    ofCarrier: Math.max(1, partOfOthers(10)),
    carriers: partOfOthers(18),
    strangers: partOfOthers(46) + roamingPhones,
    strangersReserve: partOfOthers(9),
  };
}
