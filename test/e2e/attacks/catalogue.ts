import type { Attack } from "./attack";
import { distributed, inOneConnection, pipelined, sequential } from "./brute-force";
import { discovery } from "./discovery";
import { guestCalls } from "./guest-calls";

/** Every attack there is, in the order they are run and reported. */
export const attacks: readonly Attack[] = [discovery, guestCalls, sequential, pipelined, inOneConnection, distributed];

/** Whether `npm test` runs an attack; `npm run test:long` runs the others. */
export function isSample({ sample, unmet }: Attack): boolean {
  return sample === true && unmet === undefined;
}
