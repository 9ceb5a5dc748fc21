import type { Phone } from "./peers/phone";
import { cut, heardTone, longestGap } from "./peers/tone";

/** Milliseconds a phone may ring before a test gives up. */
export const ring = 10_000;

/** Milliseconds in which a call's sound sets in. */
const startUp = 300;

/**
 * Share of the time in which a phone must hear the other's tone for "they talk": one without audio hears 0; a machine that
 * does much else drops a packet here and there.
 */
export const clearly = 0.75;

/** What two phones heard of each other in their last call. */
export async function heard(one: Phone, other: Phone): Promise<{ share: number; gap: number }[]> {
  const wavs = [await one.recording(), await other.recording()].map((wav) => cut(wav, startUp));
  const tones = [other.options.tone, one.options.tone];
  return wavs.map((wav, index) => ({
    share: heardTone(wav, tones[index] ?? 0),
    gap: longestGap(wav, tones[index] ?? 0),
  }));
}

/**
 * Calls from one phone to another, holds for two seconds, hangs up, and returns what the two heard of each other. A call that was
 * heard in part is tried up to twice more, for a machine that does much else plays late; one without any sound is not.
 */
export async function talk(from: Phone, number: string, to: Phone): ReturnType<typeof heard> {
  for (let left = 2; ; left--) {
    const both = await talkOnce(from, number, to);
    const inPart = both.some(({ share }) => share <= clearly) && both.every(({ share }) => share > 0);
    if (!inPart || left === 0) return both;
  }
}

async function talkOnce(from: Phone, number: string, to: Phone): ReturnType<typeof heard> {
  await from.call(number);
  await to.waitEstablished(ring);
  await from.waitEstablished(ring);
  await new Promise((resolve) => setTimeout(resolve, 2000));
  await from.hangup();
  await to.waitClosed(ring);
  return heard(from, to);
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
