import type { Attack } from "./attack";
import { distributed, inOneConnection, pipelined, sequential, slow } from "./brute-force";
import { dialplanInjection } from "./dialplan-injection";
import { dictionary } from "./dictionary";
import { discovery } from "./discovery";
import { enumerationByAnswer, enumerationByTiming } from "./enumeration";
import { forgedFailures } from "./forged-failures";
import { forgedTrunk } from "./forged-trunk";
import { guestCalls } from "./guest-calls";
import { logInjection } from "./log-injection";
import { svcrack, svwar } from "./sipvicious";
import { divertedCall, messageCalls, strangeMethods, transferredCall } from "./stolen-methods";

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
];

/** Whether `npm test` runs an attack; `npm run test:long` runs the others. */
export function isSample({ sample, unmet }: Attack): boolean {
  return sample === true && unmet === undefined;
}
