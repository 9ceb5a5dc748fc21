import type { Attack } from "./attack";
import { distributed, inOneConnection, pipelined, sequential, slow } from "./brute-force";
import { rtpBleed, rtpInjection } from "./call-audio";
import { callTakeover, longTakeover } from "./call-takeover";
import { callerName } from "./caller-name";
import { connectionsOfAnOffice } from "./connections-of-an-office";
import { connectionsOfOnePassword } from "./connections-of-one-password";
import { dialOutsideClass } from "./dial-outside-class";
import { dialplanInjection } from "./dialplan-injection";
import { dictionary } from "./dictionary";
import { discovery } from "./discovery";
import { emergencyFlood } from "./emergency-flood";
import { enumerationByAnswer, enumerationByTiming } from "./enumeration";
import { featureCodes } from "./feature-codes";
import { fortyBehindOneRouter, newPhoneInFlood, newPhoneInForgedTcp } from "./fleet";
import { floods } from "./flood";
import { foreignContact } from "./foreign-contact";
import { foreignRegistration } from "./foreign-registration";
import { forgedFailures } from "./forged-failures";
import { forgedHeaders } from "./forged-headers";
import { forgedTrunk } from "./forged-trunk";
import { fullHouse } from "./full-house";
import { guestCalls } from "./guest-calls";
import { silentConnections, slowHandshakes } from "./held-connections";
import { logInjection } from "./log-injection";
import { longCall } from "./long-call";
import { malformed } from "./malformed";
import { manyCalls } from "./many-calls";
import { oddTransports } from "./odd-transports";
import { oldTls } from "./old-tls";
import { openServices } from "./open-services";
import { oversized } from "./oversized";
import { plainLogin } from "./plain-login";
import { callHome, postCompromise } from "./post-compromise";
import { replay } from "./replay";
import { secondContact } from "./second-contact";
import { ringingFlood } from "./ringing-flood";
import { svcrack, svwar } from "./sipvicious";
import { divertedCall, messageCalls, strangeMethods, transferredCall } from "./stolen-methods";

/** Those of somebody who has a phone's password, and a place in its network. */
const insiders: readonly Attack[] = [
  dialOutsideClass,
  callerName,
  forgedHeaders,
  callTakeover,
  longTakeover,
  foreignRegistration,
  foreignContact,
  secondContact,
  manyCalls,
  fullHouse,
  emergencyFlood,
  longCall,
  replay,
  featureCodes,
];

/** Those of somebody who is on the machine already. */
const onTheMachine: readonly Attack[] = [plainLogin, postCompromise, callHome];

/** Those that want the PBX silent, or its calls. */
const outsiders: readonly Attack[] = [
  openServices,
  oddTransports,
  oldTls,
  rtpBleed,
  rtpInjection,
  malformed,
  oversized,
  ringingFlood,
  silentConnections,
  slowHandshakes,
  connectionsOfAnOffice,
  connectionsOfOnePassword,
  ...floods,
  fortyBehindOneRouter,
  newPhoneInFlood,
  newPhoneInForgedTcp,
];

/** Every attack there is, in the order they are run and reported. */
export const attacks: readonly Attack[] = [
  discovery,
  enumerationByAnswer,
  enumerationByTiming,
  svwar,
  guestCalls,
  strangeMethods,
  forgedTrunk,
  dictionary,
  svcrack,
  sequential,
  pipelined,
  inOneConnection,
  distributed,
  slow,
  dialplanInjection,
  divertedCall,
  transferredCall,
  messageCalls,
  logInjection,
  forgedFailures,
  ...insiders,
  ...onTheMachine,
  ...outsiders,
];

/** Whether `npm test` runs an attack; `npm run test:long` runs the others. */
export function isSample({ sample, unmet }: Attack): boolean {
  return sample === true && unmet === undefined;
}
