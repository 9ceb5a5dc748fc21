import type { Installation } from "../../tools/operator/installation";
import type { Phone } from "./peers/phone";
import { cut, heardTone, longestGap } from "./peers/tone";

/** Milliseconds a phone may ring before a test gives up. */
export const ring = 10_000;

/** Milliseconds in which a call's sound sets in. */
const startUp = 300;

/** What reception and sales heard of each other in their last call. */
export async function heard(
  pbx: Installation,
  reception: Phone,
  sales: Phone,
): Promise<{ share: number; gap: number }[]> {
  return [
    { wav: await reception.recording(), hz: pbx.toneOf("sales") },
    { wav: await sales.recording(), hz: pbx.toneOf("reception") },
  ].map(({ wav, hz }) => ({ share: heardTone(cut(wav, startUp), hz), gap: longestGap(cut(wav, startUp), hz) }));
}

/** Dials and returns how it ended, hanging up when it was put through. */
export async function outcomeOf(phone: Phone, number: string): Promise<string> {
  await phone.call(number);
  try {
    await phone.waitEstablished(ring);
  } catch (error) {
    return String(error);
  }
  await phone.hangup();
  return "put through";
}
